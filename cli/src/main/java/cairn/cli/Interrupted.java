package cairn.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What ctrl-C must still do: remove what is not complete. A shutdown hook, added with the first such thing; once it runs,
 * nothing new is registered and the command's own complaints are kept back. Thread-safe.
 */
final class Interrupted {
    private final Map<String, Removal> pending = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread hook = new Thread(this::removeAll, "removes what is not complete");
    private boolean hooked;
    private volatile boolean underWay;

    /** Removes one incomplete thing. */
    interface Removal {
        void run() throws Exception;
    }

    /** Whether the process is ending because of a signal. */
    boolean underWay() {
        return underWay;
    }

    /** From now until {@link #complete}, ctrl-C removes {@code what}. */
    void begin(String what, Removal removal) throws Failure {
        lock.lock();
        try {
            if (underWay) {
                throw new Failure(what + ": interrupted");
            }
            if (!hooked) {
                Runtime.getRuntime().addShutdownHook(hook);
                hooked = true;
            }
            pending.put(what, removal);
        } finally {
            lock.unlock();
        }
    }

    void complete(String what) {
        lock.lock();
        try {
            pending.remove(what);
        } finally {
            lock.unlock();
        }
    }

    private void removeAll() {
        lock.lock();
        try {
            underWay = !pending.isEmpty();
            for (Removal removal : pending.values()) {
                try {
                    removal.run();
                } catch (Exception e) {
                    // It is not there yet or any more, or the cell is gone: nothing more can be done at this point.
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
