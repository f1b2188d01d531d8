package cairn.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the files of a tree, a few at a time. A file that fails is told of and the others go on; a failure that
 * would meet them all ends everything. Whoever hands out waits while all are busy, so nothing piles up.
 */
final class Workers {
    private final int count;
    private final Operands operands;
    private final ExecutorService threads;
    private final Semaphore free;
    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();

    /** One file. */
    interface Job {
        void run() throws IOException;
    }

    Workers(int count, Operands operands) {
        this.count = count;
        this.operands = operands;
        this.free = new Semaphore(count);
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("copy ", 1).factory());
    }

    /** Hands out one file, when a worker is free. */
    void hand(Job job) throws IOException {
        free.acquireUninterruptibly();
        if (fatal.get() != null) {
            free.release();
            finish();
            return;
        }
        threads.execute(() -> {
            try {
                carryOut(job);
            } finally {
                free.release();
            }
        });
    }

    /** Returns when all is done; throws what ended everything. */
    void finish() throws IOException {
        free.acquireUninterruptibly(count);
        free.release(count);
        threads.shutdown();
        try {
            threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Throwable fault = fatal.get();
        switch (fault) {
            case null -> {}
            case IOException e -> throw e;
            case UncheckedIOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IOException(fault);
        }
    }

    private void carryOut(Job job) {
        try {
            if (fatal.get() == null) {
                job.run();
            }
        } catch (IOException e) {
            tell(e);
        } catch (RuntimeException | Error e) {
            fatal.compareAndSet(null, e);
        }
    }

    private void tell(IOException fault) {
        try {
            operands.fail(fault);
        } catch (IOException e) {
            fatal.compareAndSet(null, e);
        }
    }
}
