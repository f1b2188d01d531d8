package cairn.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What ctrl-C must still do: remove what is not complete. A shutdown hook, added with the first such thing; once it runs,
 * nothing new is begun and the command's own complaints are kept back. The command's threads run on beside the hook, so
 * it waits for what they are just making: otherwise it could come to be after its removal. Thread-safe.
 */
final class Interrupted {
    /** A cell that takes longer to make a file has more to worry about than a hidden one left behind. */
    private static final long MAKING_NANOS_MAX = 3_000_000_000L;

    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread hook = new Thread(this::removeAll, "removes what is not complete");
    private boolean hooked;
    private volatile boolean underWay;

    /** Removes one incomplete thing. */
    interface Removal {
        void run() throws Exception;
    }

    private static final class Pending {
        final Removal removal;
        boolean made;

        Pending(Removal removal) {
            this.removal = removal;
        }
    }

    /** Whether the process is ending because of a signal. */
    boolean underWay() {
        return underWay;
    }

    /** From now until {@link #complete}, ctrl-C removes {@code what}; {@link #made} says that it is there. */
    void begin(String what, Removal removal) throws Failure {
        lock.lock();
        try {
            hook();
            if (underWay) {
                throw new Failure(what + ": interrupted");
            }
            pending.put(what, new Pending(removal));
        } finally {
            lock.unlock();
        }
    }

    private void hook() {
        if (!hooked) {
            try {
                Runtime.getRuntime().addShutdownHook(hook);
                hooked = true;
            } catch (IllegalStateException e) {
                underWay = true; // the process is ending already
            }
        }
    }

    void made(String what) {
        lock.lock();
        try {
            Pending thing = pending.get(what);
            if (thing != null) {
                thing.made = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void complete(String what) {
        lock.lock();
        try {
            pending.remove(what);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void removeAll() {
        lock.lock();
        try {
            underWay = true;
            awaitMade();
            for (Pending thing : pending.values()) {
                try {
                    thing.removal.run();
                } catch (Exception e) {
                    // It is not there any more, or the cell is gone: nothing more can be done at this point.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void awaitMade() throws InterruptedException {
        long left = MAKING_NANOS_MAX;
        while (left > 0 && pending.values().stream().anyMatch(thing -> !thing.made)) {
            left = changed.awaitNanos(left);
        }
    }
}
