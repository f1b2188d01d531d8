package cairn.cli;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Carries out a verb for each of its operands; a failure of one is told, and the others still get their turn. Thread-safe. */
final class Operands {
    private final Console console;
    private final String verb;
    private volatile int outcome = Action.DONE;

    Operands(Console console, String verb) {
        this.console = console;
        this.verb = verb;
    }

    /** What is done with one operand. */
    interface Step {
        void accept(String operand) throws IOException;
    }

    int each(List<String> operands, Step step) throws IOException {
        for (String operand : operands) {
            try {
                step.accept(operand);
            } catch (IOException e) {
                fail(e);
            } catch (UncheckedIOException e) {
                fail(Explanation.cause(e));
            }
        }
        return outcome;
    }

    /** Tells of a failure; one that would meet the other operands too ends the verb. */
    void fail(IOException e) throws IOException {
        if (console.out().isBroken() || isGeneral(e)) {
            throw e;
        }
        console.out().flush();
        if (!console.interrupted().underWay()) {
            console.complain(verb, Explanation.of(e));
        }
        Main.trace(console, e);
        outcome = Action.FAILED;
    }

    Console console() {
        return console;
    }

    int outcome() {
        return outcome;
    }

    private static boolean isGeneral(IOException e) {
        return e instanceof CairnException refused && refused.code() == ErrorCode.UNREACHABLE;
    }
}
