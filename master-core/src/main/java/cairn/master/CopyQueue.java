package cairn.master;

import cairn.model.ChunkHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that want another replica, the most endangered first (GFS 4.3): by how few replicas are left, of those in the trash
 * as if they had one more, of those that a client has met lately as if they had one less; behind them what is only to be somewhere else.
 * One that cannot begin now rests for a while, so that it is not in the way of the others.
 */
final class CopyQueue {

    /** Beyond it only what is more urgent than the last one gets in; the round over all chunks finds the others later. */
    static final int CHUNKS_MAX = 1_000_000;

    /** Why a replica is wanted, the most urgent first. */
    enum Cause {
        /** Fewer are live than the goal says. */
        MISSING,
        /** One lies on a server that is drained. */
        LEAVING,
        /** All are on one rack, and there are others. */
        NARROW,
        /** A server is much fuller than others. */
        BALANCE;

        /** The replicas are all there: whatever mends something goes first. */
        boolean isMove() {
            return this != MISSING;
        }
    }

    /**
     * @param copies live ones that are there
     * @param patient a server that is away may be back in a moment: only who holds an old replica takes a copy
     */
    record Wanted(ChunkHandle chunk, Cause cause, int copies, boolean trashed, boolean sought, boolean patient) {

        static final Comparator<Wanted> MOST_URGENT_FIRST = Comparator.comparing(Wanted::cause)
                .thenComparingInt(Wanted::danger)
                .thenComparingInt(Wanted::copies)
                .thenComparing(Wanted::chunk);

        private int danger() {
            return copies + (trashed ? 1 : 0) - (sought ? 1 : 0);
        }
    }

    private record Rest(long untilNanos, ChunkHandle chunk) {
        static final Comparator<Rest> SOONEST_FIRST =
                Comparator.comparingLong(Rest::untilNanos).thenComparing(Rest::chunk);
    }

    private final NavigableSet<Wanted> ready = new TreeSet<>(Wanted.MOST_URGENT_FIRST);
    private final NavigableMap<ChunkHandle, Wanted> all = new TreeMap<>();
    private final NavigableMap<Rest, Wanted> resting = new TreeMap<>(Rest.SOONEST_FIRST);
    private final NavigableMap<ChunkHandle, Rest> rests = new TreeMap<>();
    private int missing;

    /** Takes the place of what was known of this chunk; one that rests goes on resting. */
    void put(Wanted wanted) {
        Wanted former = all.get(wanted.chunk());
        if (wanted.equals(former)) {
            return;
        }
        if (former == null && all.size() >= CHUNKS_MAX && !makeRoomFor(wanted)) {
            return;
        }
        Rest rest = rests.get(wanted.chunk());
        remove(wanted.chunk());
        all.put(wanted.chunk(), wanted);
        missing += wanted.cause().isMove() ? 0 : 1;
        if (rest == null) {
            ready.add(wanted);
        } else {
            rests.put(wanted.chunk(), rest);
            resting.put(rest, wanted);
        }
    }

    private boolean makeRoomFor(Wanted wanted) {
        if (ready.isEmpty() || Wanted.MOST_URGENT_FIRST.compare(wanted, ready.getLast()) >= 0) {
            return false;
        }
        remove(ready.getLast().chunk());
        return true;
    }

    void remove(ChunkHandle chunk) {
        Wanted former = all.remove(chunk);
        if (former == null) {
            return;
        }
        missing -= former.cause().isMove() ? 0 : 1;
        Rest rest = rests.remove(chunk);
        if (rest == null) {
            ready.remove(former);
        } else {
            resting.remove(rest);
        }
    }

    /** It is not offered again before {@code untilNanos}. */
    void rest(Wanted wanted, long untilNanos) {
        if (ready.remove(wanted)) {
            Rest rest = new Rest(untilNanos, wanted.chunk());
            rests.put(wanted.chunk(), rest);
            resting.put(rest, wanted);
        }
    }

    /** Those to be begun next, at most {@code max}. */
    List<Wanted> first(int max, long nanos) {
        while (!resting.isEmpty() && resting.firstKey().untilNanos() <= nanos) {
            Wanted woken = resting.pollFirstEntry().getValue();
            rests.remove(woken.chunk());
            ready.add(woken);
        }
        List<Wanted> first = new ArrayList<>();
        for (Wanted wanted : ready) {
            if (first.size() == max) {
                break;
            }
            first.add(wanted);
        }
        return first;
    }

    /** What is wanted of this chunk, as far as it was looked at. */
    @Nullable
    Wanted find(ChunkHandle chunk) {
        return all.get(chunk);
    }

    int size() {
        return all.size();
    }

    /** Whether something is mended, or waits for it: then servers keep room for that. */
    boolean hasMissing() {
        return missing > 0;
    }
}
