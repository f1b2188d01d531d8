package cairn.bench.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Thread 0 appends records that begin with the time of their call, one after the other; the other threads follow. */
final class FollowJob implements Job {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Order order;
    private final Access access;
    private final Access.@Nullable Source[] followers;
    private final ByteBuffer[] buffers;
    private Access.Records[] producer = new Access.Records[0];

    /** The last record has been appended: followers stop once they have read so many bytes. */
    private volatile long end = Long.MAX_VALUE;

    private long appended;
    private final long[] followed;

    FollowJob(Order order, Access access) {
        this.order = order;
        this.access = access;
        this.followers = new Access.Source[order.threads()];
        this.buffers = new ByteBuffer[order.threads()];
        this.followed = new long[order.threads()];
    }

    @Override
    public void open() throws IOException {
        access.mkdir(Jobs.ROOT);
    }

    @Override
    public void ready(int run, int thread) throws IOException {
        followed[thread] = 0;
        if (thread == 0) {
            end = Long.MAX_VALUE;
            appended = 0;
            buffers[0] = Jobs.random(access, order.unit());
            producer = new Access.Records[] {access.append(path(run), 0, order.synced())};
            append();
        } else {
            buffers[thread] = access.allocate(order.unit());
        }
    }

    private void append() throws IOException {
        producer[0].append(buffers[0].putLong(0, System.nanoTime()).duplicate());
        appended += order.unit();
    }

    /** A producer's step is one record, a follower's all of them: it may wait for the last one beyond the end of time. */
    @Override
    public boolean step(int run, int thread, Meter meter) throws IOException {
        if (thread == 0) {
            append();
            LockSupport.parkNanos(PAUSE_NANOS);
            return true;
        }
        Access.Source follower = access.follow(path(run));
        followers[thread] = follower;
        while (followed[thread] < end) {
            ByteBuffer record = buffers[thread].clear();
            while (record.hasRemaining()) {
                if (follower.read(record) < 0) {
                    throw new IOException("the file that is followed has ended");
                }
            }
            if (followed[thread] > 0) { // the first was there before
                meter.done(record.getLong(0), order.unit());
            }
            followed[thread] += order.unit();
        }
        return false;
    }

    @Override
    public void finish(int run, int thread) throws IOException {
        if (thread == 0) {
            long last = appended + order.unit();
            end = last; // before the last record, so that it wakes who waits for it
            append();
        }
    }

    @Override
    public void tidy(int run) throws IOException {
        producer[0].close();
        for (int i = 1; i < followers.length; i++) {
            Access.Source follower = followers[i];
            if (follower != null) {
                follower.close();
            }
        }
        access.delete(path(run));
    }

    @Override
    public void close() throws IOException {
        access.delete(Jobs.ROOT);
    }

    private static String path(int run) {
        return Jobs.ROOT + "/follow." + run;
    }
}
