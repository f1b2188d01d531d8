package cairn.master;

import cairn.model.ChunkHandle;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps for each chunk that is not healthy how it stood when it was looked at last, and says what changes: in lines that sum up,
 * because a dead server changes thousands of chunks at once. Learned again after each start.
 */
final class HealthBook {

    /** Lines about the same change come at most this often; the first at once. */
    private static final long LINE_EVERY_NANOS = 5_000_000_000L;

    /** What repair does is summed up this often. */
    private static final long REPAIR_EVERY_NANOS = 10_000_000_000L;

    /** Handles named in one line. */
    private static final int NAMED_MAX = 5;

    /** Entries looked at in one tick for chunks that are gone. */
    private static final int PRUNED_PER_TICK = 100;

    private static final List<Counted> REPAIRS =
            List.of(Counted.COPIES_DONE, Counted.COPIES_FAILED, Counted.COPY_BYTES, Counted.SURPLUS_DROPPED);

    private final MasterImage image;
    private final Standings standings;
    private final Counts counts;
    private final ClusterView view;
    private final NavigableMap<ChunkHandle, ChunkHealth> unhealthy = new TreeMap<>();
    private final NavigableSet<ChunkHandle> single = new TreeSet<>();
    private final Map<ChunkHealth, Long> totals = new EnumMap<>(ChunkHealth.class);
    private final NavigableMap<Change, Untold> untold = new TreeMap<>();
    private final Map<Counted, Long> told = new EnumMap<>(Counted.class);
    private ChunkHandle pruned = new ChunkHandle(0);
    private long repairToldNanos;

    private record Change(ChunkHealth from, ChunkHealth to) implements Comparable<Change> {
        @Override
        public int compareTo(Change other) {
            int first = from.compareTo(other.from);
            return first != 0 ? first : to.compareTo(other.to);
        }
    }

    /** What is still to be told of a change. */
    private static final class Untold {
        long chunks;
        long notBeforeNanos;
        final List<ChunkHandle> some = new ArrayList<>();

        Untold(long notBeforeNanos) {
            this.notBeforeNanos = notBeforeNanos;
        }
    }

    HealthBook(MasterCore.Desks desks, Standings standings, Counts counts) {
        this.image = desks.image();
        this.view = desks.view();
        this.standings = standings;
        this.counts = counts;
        this.repairToldNanos = view.startNanos();
    }

    /** Looks at a chunk; null when it is gone. */
    void look(ChunkHandle handle, @Nullable Chunk chunk, Turn.Draft turn) {
        if (view.isGathering(turn.nanos())) {
            return;
        }
        Standing standing = chunk == null ? null : standings.of(chunk, turn.nanos());
        ChunkHealth now = standing == null ? ChunkHealth.HEALTHY : standing.health();
        if (standing != null && standing.isSingle()) {
            single.add(handle);
        } else {
            single.remove(handle);
        }
        ChunkHealth before = put(handle, now);
        if (now != before && chunk != null) {
            Untold change = untold.computeIfAbsent(new Change(before, now), each -> new Untold(turn.nanos()));
            change.chunks++;
            if (change.some.size() < NAMED_MAX) {
                change.some.add(handle);
            }
            count(before, now);
        }
    }

    private ChunkHealth put(ChunkHandle handle, ChunkHealth now) {
        ChunkHealth before = now == ChunkHealth.HEALTHY ? unhealthy.remove(handle) : unhealthy.put(handle, now);
        if (before != null) {
            totals.merge(before, -1L, Long::sum);
        }
        if (now != ChunkHealth.HEALTHY) {
            totals.merge(now, 1L, Long::sum);
        }
        return before == null ? ChunkHealth.HEALTHY : before;
    }

    private void count(ChunkHealth before, ChunkHealth now) {
        if (now == ChunkHealth.HEALTHY) {
            counts.add(Counted.CHUNKS_MENDED, 1);
        } else if (now.compareTo(before) > 0) {
            counts.add(Counted.CHUNKS_WORSENED, 1);
        }
        if (now.unreadable() && !before.unreadable()) {
            counts.add(Counted.CHUNKS_UNREADABLE, 1);
        }
    }

    /** How many chunks were in this class when they were looked at last. */
    long total(ChunkHealth health) {
        return totals.getOrDefault(health, 0L);
    }

    /** How many chunks were not healthy. */
    long unhealthy() {
        return unhealthy.size();
    }

    /** How many had one good copy and should have had more. */
    long single() {
        return single.size();
    }

    void tick(Turn.Draft turn) {
        prune();
        untold.forEach((change, what) -> tell(change, what, turn));
        tellRepair(turn);
    }

    private void tell(Change change, Untold what, Turn.Draft turn) {
        if (what.chunks == 0 || turn.nanos() - what.notBeforeNanos < 0) {
            return;
        }
        turn.event(
                change.to().compareTo(change.from()) > 0 && change.to() != ChunkHealth.OVER,
                "chunks.health",
                "from",
                change.from().word(),
                "to",
                change.to().word(),
                "chunks",
                what.chunks,
                "now",
                change.to() == ChunkHealth.HEALTHY ? image.chunkCount() - unhealthy.size() : total(change.to()),
                "unhealthy",
                unhealthy.size(),
                "such_as",
                String.join(",", what.some.stream().map(ChunkHandle::toString).toList()));
        what.chunks = 0;
        what.some.clear();
        what.notBeforeNanos = turn.nanos() + LINE_EVERY_NANOS;
    }

    private void tellRepair(Turn.Draft turn) {
        if (turn.nanos() - repairToldNanos < REPAIR_EVERY_NANOS) {
            return;
        }
        repairToldNanos = turn.nanos();
        List<Object> pairs = new ArrayList<>();
        boolean some = false;
        for (Counted each : REPAIRS) {
            long more = counts.of(each) - told.getOrDefault(each, 0L);
            told.put(each, counts.of(each));
            pairs.add(each.word());
            pairs.add(more);
            some |= more > 0;
        }
        if (some) {
            pairs.add("under");
            pairs.add(total(ChunkHealth.UNDER));
            turn.event(false, "repair", pairs.toArray());
        }
    }

    /** Chunks of which nothing was known leave the cell without a word. */
    private void prune() {
        List<ChunkHandle> some = unhealthy.tailMap(pruned, false).keySet().stream()
                .limit(PRUNED_PER_TICK)
                .toList();
        for (ChunkHandle handle : some) {
            if (image.chunk(handle) == null) {
                put(handle, ChunkHealth.HEALTHY);
                single.remove(handle);
            }
        }
        pruned = some.size() < PRUNED_PER_TICK ? new ChunkHandle(0) : some.getLast();
    }
}
