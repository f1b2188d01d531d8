package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.rpc.RpcException;

/** Messages for people. Pure. */
final class Errors {

    private Errors() {}

    /** Why a server did not answer, in a few words. */
    static String reason(Throwable problem) {
        if (problem instanceof RpcException rpc && rpc.refused()) {
            return "connection refused";
        }
        String message = problem.getMessage();
        return message == null ? problem.getClass().getSimpleName() : message;
    }

    static CairnException noCell(String cell, Throwable problem) {
        return new CairnException(
                ErrorCode.UNREACHABLE,
                "cell " + cell + " does not answer (" + reason(problem)
                        + "); start one with 'cairn up' or name another with --cell",
                problem);
    }

    /** The deadline is over; {@code last} is what went wrong last. */
    static CairnException expired(String what, long nanos, CairnException last) {
        return new CairnException(
                ErrorCode.UNREACHABLE, what + ": gave up after " + seconds(nanos) + " (" + reason(last) + ")", last);
    }

    static CairnException closed() {
        return new CairnException(ErrorCode.UNREACHABLE, "this connection to the cell was closed by the program");
    }

    static String seconds(long nanos) {
        return (nanos + 500_000_000L) / 1_000_000_000L + " s";
    }

    static String chunk(long handle) {
        return String.format("chunk %016x", handle);
    }
}
