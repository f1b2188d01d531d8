package cairn.attack.load;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.model.CairnException;
import cairn.simulation.check.FileOp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads a file that nobody changes and whose every byte is known ({@link #NUMBER}): {@code verify EPOCH OFFSET BYTES}, answered
 * with {@code good} or with where the first wrong byte is.
 */
public final class VerifyJob extends Job {

    /** Of the write whose bytes the file holds. */
    public static final int NUMBER = 1;

    /** An input prefers one server; all servers are to be read from. */
    private static final int READS_OF_AN_INPUT = 8;

    private static final int READ_BYTES = 256 << 10;

    VerifyJob(JobPlan plan, Cairn cairn, History history) {
        super(plan, cairn, history);
    }

    @Override
    void work(long epoch, String path) throws IOException {
        while (!isOver(epoch)) {
            CairnInput input = awaitThere(epoch, () -> cairn.open(path));
            if (input != null) {
                verify(epoch, input);
            }
        }
    }

    private void verify(long epoch, CairnInput opened) throws IOException {
        try (CairnInput input = opened) {
            long length = input.length();
            ByteBuffer into = ByteBuffer.allocate(READ_BYTES);
            for (int i = 0; i < READS_OF_AN_INPUT && !isOver(epoch); i++) {
                pace.await();
                verify(epoch, input, ThreadLocalRandom.current().nextLong(length), into.clear());
            }
        }
    }

    private void verify(long epoch, CairnInput input, long offset, ByteBuffer into) throws IOException {
        long call = history.call("verify", epoch, offset, into.remaining());
        try {
            int count = input.read(offset, into);
            history.ok(call, count, firstWrong(offset, into.flip()));
        } catch (CairnException e) {
            failed(call, e);
        }
    }

    private static String firstWrong(long offset, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            long at = offset + bytes.position();
            if (bytes.get() != FileOp.byteOf(NUMBER, at)) {
                return "wrong at " + at;
            }
        }
        return "good";
    }
}
