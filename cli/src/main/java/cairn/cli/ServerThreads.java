package cairn.cli;

import cairn.world.Threads;
import cairn.world.real.ErrorPolicy;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads, used again and again, for the first {@link #PLATFORM_MAX} bodies that run at once, and a virtual thread
 * for each beyond. The kernel wakes a platform thread that reads a socket itself; a virtual one it reaches by way of the
 * JDK's poller, two threads later (docs/performance.md, Record append). An {@code Error} in one stops the process, because
 * memory may be wrong then.
 */
final class ServerThreads implements Threads {
    /** A platform thread takes some 100 KiB of memory; a cell of this size talks to tens of servers and clients. */
    private static final int PLATFORM_MAX = 512;

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor platform = new ThreadPoolExecutor(
            0,
            PLATFORM_MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().factory(),
            (body, full) -> Thread.ofVirtual().start(body));

    @Override
    public void start(String name, Runnable body) {
        Runnable guarded = ErrorPolicy.HALT.guard(body);
        platform.execute(() -> {
            Thread.currentThread().setName(name);
            guarded.run();
        });
    }
}
