package cairn.attack.load;

import cairn.client.Cairn;
import cairn.client.CairnFollower;
import cairn.model.CairnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.zip.CRC32C;

/**
 * Follows what is appended: {@code follow EPOCH OFFSET}, answered with the number of bytes and their CRC32C. Goes on
 * after the end of the epoch until nothing new comes.
 */
final class FollowJob extends Job {

    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int ASK_BYTES = 64 << 10;
    private static final int QUIET_WANTED = 2;

    FollowJob(JobPlan plan, Cairn cairn, History history) {
        super(plan, cairn, history);
    }

    @Override
    void work(long epoch, String path) throws IOException {
        CairnFollower follower = awaitThere(epoch, () -> cairn.follow(path, 0));
        if (follower == null) {
            return;
        }
        try (follower) {
            ByteBuffer buffer = ByteBuffer.allocate(ASK_BYTES);
            int quiet = 0;
            while (!isOver(epoch) || quiet < QUIET_WANTED) {
                quiet = follow(epoch, follower, buffer.clear()) > 0 ? 0 : quiet + 1;
            }
        }
    }

    private int follow(long epoch, CairnFollower follower, ByteBuffer buffer) throws IOException {
        long call = history.call("follow", epoch, follower.position());
        try {
            int count = follower.read(buffer, PATIENCE);
            history.ok(call, count, sum(buffer.flip()));
            return count;
        } catch (CairnException e) {
            failed(call, e);
            throw e;
        }
    }

    static String sum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return Long.toHexString(sum.getValue());
    }
}
