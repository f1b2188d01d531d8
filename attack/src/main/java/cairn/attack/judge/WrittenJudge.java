package cairn.attack.judge;

import cairn.simulation.check.FileCheck;
import cairn.simulation.check.FileOp;
import cairn.simulation.check.FileOp.Kind;
import cairn.simulation.check.FileOp.Range;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Judges a file that was written at random places, and all that was read of it, chunk by chunk: linearizable (P4). */
final class WrittenJudge {

    private final String path;
    private final int chunkBytes;
    private final List<FileOp> history = new ArrayList<>();
    private int givenUp;

    WrittenJudge(String path, int chunkBytes) {
        this.path = path;
        this.chunkBytes = chunkBytes;
    }

    /**
     * The calls of one client. A write that failed may happen until the next one of the same writer is acknowledged; when the
     * writer was given up, at any time.
     */
    void add(String client, List<Call> calls) {
        List<FileOp> unsure = new ArrayList<>();
        for (Call call : calls) {
            switch (call.kind()) {
                case "write" -> history.add(write(client, call, unsure));
                case "read" -> addRead(client, call);
                case "length" -> addLength(client, call);
                case "renew" -> unsure.clear();
                default -> throw new IllegalArgumentException(call.toString());
            }
        }
    }

    private static FileOp write(String client, Call call, List<FileOp> unsure) {
        Range range = new Range(call.number(1), (int) call.number(2));
        FileOp op = new FileOp(Kind.WRITE, client, (int) call.number(0), range, call.invokedAt());
        if (call.isGood()) {
            op.returnedAt = call.returnedAt();
            unsure.forEach(earlier -> earlier.returnedAt = op.returnedAt);
            unsure.clear();
        } else {
            op.unsure = true;
            unsure.add(op);
        }
        return op;
    }

    private void addRead(String client, Call call) {
        if (call.isGood()) {
            FileOp op =
                    new FileOp(Kind.READ, client, 0, new Range(call.number(0), (int) call.number(1)), call.invokedAt());
            op.got = Base64.getDecoder().decode(call.answer(0));
            op.returnedAt = call.returnedAt();
            history.add(op);
        }
    }

    private void addLength(String client, Call call) {
        if (call.isGood()) {
            FileOp op = new FileOp(Kind.LENGTH, client, 0, new Range(0, 0), call.invokedAt());
            op.toldLength = call.answerNumber(0);
            op.returnedAt = call.returnedAt();
            history.add(op);
        }
    }

    /** The whole file, as it was read between two moments after all. */
    void addEnd(byte[] file, long invokedAt, long returnedAt) {
        FileOp all = new FileOp(Kind.READ, "judge", 0, new Range(0, file.length + 1), invokedAt);
        all.got = file;
        all.returnedAt = returnedAt;
        history.add(all);
    }

    void run() {
        FileCheck check = new FileCheck(path, chunkBytes, history);
        check.run();
        givenUp = check.givenUp();
    }

    int givenUp() {
        return givenUp;
    }
}
