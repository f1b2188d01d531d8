package cairn.attack.load;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.model.CairnException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads at random places of what is appended: {@code read EPOCH OFFSET BYTES-ASKED}, answered with the number of bytes and
 * their CRC32C; {@code length EPOCH}, answered with the length.
 */
final class ReadJob extends Job {

    private static final int READ_BYTES_MAX = 16 << 10;
    private static final double LENGTH_SHARE = 0.05;

    private long heard;

    ReadJob(JobPlan plan, Cairn cairn, History history) {
        super(plan, cairn, history);
    }

    @Override
    void work(long epoch, String path) throws IOException {
        heard = 0;
        CairnInput input = awaitThere(epoch, () -> cairn.open(path));
        if (input == null) {
            return;
        }
        try (input) {
            while (!isOver(epoch)) {
                pace.await();
                if (heard == 0 || random.nextDouble() < LENGTH_SHARE) {
                    askLength(epoch, input);
                } else {
                    read(epoch, input);
                }
            }
        }
    }

    private void askLength(long epoch, CairnInput input) throws IOException {
        long call = history.call("length", epoch);
        try {
            heard = input.length();
            history.ok(call, heard);
        } catch (CairnException e) {
            failed(call, e);
        }
    }

    private void read(long epoch, CairnInput input) throws IOException {
        int asked = anyLength(READ_BYTES_MAX);
        long offset = random.nextLong(heard + 1); // up to the end as it was heard of, and often beyond it
        ByteBuffer into = ByteBuffer.allocate(asked);
        long call = history.call("read", epoch, offset, asked);
        try {
            int count = Math.max(0, input.read(offset, into));
            history.ok(call, count, FollowJob.sum(into.flip()));
        } catch (CairnException e) {
            failed(call, e);
        }
    }
}
