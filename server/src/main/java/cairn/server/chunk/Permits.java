package cairn.server.chunk;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.PermitWords;
import cairn.world.SharedWords;
import cairn.world.World;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which replicas readers on this host may read from their files, as shared words say it (docs/decisions/0011): what READ
 * would answer, they may have. Whoever changes that takes the permit away first. Made when the first reader asks.
 * Thread-safe; its lock is the innermost.
 */
final class Permits implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Permits.class);

    /** Replicas that may be permitted at once: 256 KiB of words; of more, the one permitted first loses its permit. */
    static final int PERMITS_MAX = 32_766;

    /** A disk that could not hold the words is not asked again for so long. */
    private static final long RETRY_NANOS = 60_000_000_000L;

    private final World world;
    private final Holdings holdings;
    private final Serving serving;
    private final boolean on;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashSet<Permit> given = new LinkedHashSet<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();

    /** From here on no slot was used yet. */
    private int unused = PermitWords.FIRST;

    private @Nullable SharedWords words;
    private String path = "";
    private long identity;
    private long stamp;
    private long retryAtNanos;
    private boolean failed;
    private boolean closed;
    private long count;

    Permits(World world, Holdings holdings, Serving serving, boolean on) {
        this.world = world;
        this.holdings = holdings;
        this.serving = serving;
        this.on = on;
        serving.tell(this::showTerm);
    }

    /** The right of readers on this host to one replica's bytes, from its giving to {@link #end}. */
    final class Permit {
        private final int slot;
        private final long stamp;

        private Permit(int slot, long stamp) {
            this.slot = slot;
            this.stamp = stamp;
        }

        int slot() {
            return slot;
        }

        long stamp() {
            return stamp;
        }

        String path() {
            return path;
        }

        long identity() {
            return identity;
        }

        boolean stands() {
            lock.lock();
            try {
                return given.contains(this);
            } finally {
                lock.unlock();
            }
        }

        /** On return no reader believes in it any more. */
        void end() {
            lock.lock();
            try {
                takeBack(this);
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * A new permit.
     *
     * @throws CairnException NOT_SERVING with the reason why there is none
     */
    Permit give() throws CairnException {
        lock.lock();
        try {
            SharedWords shared = shared();
            Permit permit = new Permit(slot(), ++stamp);
            shared.set(permit.slot, permit.stamp);
            given.add(permit);
            count++;
            return permit;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The words as they are.
     *
     * @param given permits, since the server's start
     */
    record Shown(String path, long identity, long given) {}

    /** @throws CairnException NOT_SERVING with the reason why there are none */
    Shown show() throws CairnException {
        lock.lock();
        try {
            shared();
            return new Shown(path, identity, count);
        } finally {
            lock.unlock();
        }
    }

    private int slot() {
        if (free.isEmpty() && unused < PermitWords.FIRST + PERMITS_MAX) {
            return unused++;
        }
        if (free.isEmpty()) {
            takeBack(given.iterator().next());
        }
        return free.removeFirst();
    }

    private void takeBack(Permit permit) {
        SharedWords shared = words;
        if (shared != null && given.remove(permit)) {
            shared.set(permit.slot, 0);
            free.addLast(permit.slot);
        }
    }

    private SharedWords shared() throws CairnException {
        if (!on || closed) {
            throw new CairnException(ErrorCode.NOT_SERVING, "this server lets nobody read its files");
        }
        SharedWords there = words;
        if (there != null) {
            return there;
        }
        if (failed && world.time().nanos() < retryAtNanos) {
            throw new CairnException(ErrorCode.NOT_SERVING, "this server cannot share memory with its readers");
        }
        return make();
    }

    private SharedWords make() throws CairnException {
        for (HeldDisk disk : holdings.disks()) {
            try {
                SharedWords made = disk.store.shareWords(PERMITS_MAX + PermitWords.FIRST);
                words = made;
                path = disk.store.sharedWordsPath();
                identity = world.entropy().nextLong() | 1;
                stamp = world.entropy().nextLong() >>> 1;
                made.set(PermitWords.TERM_ENDS_NANOS, serving.untilNanos());
                made.set(PermitWords.IDENTITY, identity);
                return made;
            } catch (IOException e) {
                LOG.warn("readers on this host go through the network: {}", e.getMessage());
            }
        }
        failed = true;
        retryAtNanos = world.time().nanos() + RETRY_NANOS;
        throw new CairnException(ErrorCode.NOT_SERVING, "no disk of this server takes the words that readers look at");
    }

    private void showTerm() {
        lock.lock();
        try {
            SharedWords shared = words;
            if (shared != null) {
                shared.set(PermitWords.TERM_ENDS_NANOS, serving.untilNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all of them: before this server stops to answer, since the master then counts on it that nobody reads here. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            SharedWords shared = words;
            if (shared != null) {
                shared.set(PermitWords.IDENTITY, 0);
                given.forEach(permit -> shared.set(permit.slot, 0));
                given.clear();
                words = null;
                shared.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
