package cairn.server.master;

import cairn.log.LogStore;
import cairn.model.proof.Probe;
import cairn.world.World;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has checkpoints made in the background when enough was logged or enough time has passed. One at a time; one that fails is
 * tried again later, and until then the log only grows. Thread-safe.
 */
final class CheckpointKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointKeeper.class);

    private final World world;
    private final LogStore store;
    private final MasterOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private boolean running;
    private boolean closed;
    private long lastNanos;
    private long lastAppendedBytes;
    private long checkpointIndex;

    CheckpointKeeper(World world, LogStore store, MasterOptions options) {
        this.world = world;
        this.store = store;
        this.options = options;
        this.lastNanos = world.time().nanos();
        this.checkpointIndex = store.checkpointIndex();
    }

    long checkpointIndex() {
        lock.lock();
        try {
            return checkpointIndex;
        } finally {
            lock.unlock();
        }
    }

    void tick() {
        lock.lock();
        try {
            if (running || closed || !isDue()) {
                return;
            }
            running = true;
            lastNanos = world.time().nanos();
            lastAppendedBytes = store.log().appendedBytes();
        } finally {
            lock.unlock();
        }
        world.threads().start("checkpoint", this::make);
    }

    private boolean isDue() {
        boolean grown = store.log().appendedBytes() - lastAppendedBytes >= options.checkpointBytes();
        boolean old =
                world.time().nanos() - lastNanos >= options.checkpointEvery().toNanos();
        return grown || (old && store.log().durableIndex() > checkpointIndex);
    }

    private void make() {
        long made = 0;
        try {
            long began = world.time().nanos();
            made = store.checkpoints().make(store.log().roll());
            LOG.info(
                    "checkpoint of {} records made in {} ms",
                    made,
                    (world.time().nanos() - began) / 1_000_000);
        } catch (IOException e) {
            world.witness().met(Probe.CHECKPOINT_FAILED);
            LOG.warn("no checkpoint could be made, the log grows on: {}", e.getMessage());
        } finally {
            ended(made);
        }
    }

    private void ended(long made) {
        lock.lock();
        try {
            running = false;
            checkpointIndex = Math.max(checkpointIndex, made);
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when no checkpoint is being made any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            while (running) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
