package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.CheckListener;
import cairn.client.CheckSummary;
import cairn.client.ChunkCheck;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Judges what operators are told, and with it repair: once nothing harms the cell any more, its own check of every chunk
 * ({@code cairn fsck}) says that all is healthy within {@link #RECOVERY}; and what it says is what lies on the disks.
 */
final class HealthCheck {
    /** Servers are written off after 15 s, copies that failed are tried again after 5 s, and clients' leftovers are sealed. */
    private static final Duration RECOVERY = Duration.ofMinutes(4);

    private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;
    private static final int NAMED_MAX = 3;

    private final NavigableMap<ChunkHandle, ChunkCheck> chunks = new TreeMap<>();

    /** Hears of all chunks that one check tells. */
    private static final class Everything implements CheckListener {
        final NavigableMap<ChunkHandle, ChunkCheck> chunks = new TreeMap<>();

        @Override
        public void chunk(ChunkCheck chunk) {
            ChunkCheck former = chunks.put(chunk.handle(), chunk);
            Violation.unless(former == null, "chunk %s is judged twice in one check", chunk.handle());
        }

        @Override
        public void progress(long examined, long total) {
            Violation.unless(examined <= total, "%d chunks of %d were judged", examined, total);
        }
    }

    /** Asks until all is well; the network still has its whims. */
    void await(Cairn cairn, World world) throws CairnException {
        long limit = world.time().nanos() + RECOVERY.toNanos();
        while (!isWell(cairn)) {
            if (world.time().nanos() > limit) {
                throw new Violation("not healthy %s after the last fault%s".formatted(RECOVERY, reasons(cairn)));
            }
            world.time().sleep(LOOK_AGAIN_NANOS);
        }
    }

    private boolean isWell(Cairn cairn) {
        Everything found = new Everything();
        CheckSummary summary;
        try {
            summary = cairn.check("/", true, found);
        } catch (CairnException e) {
            return false;
        }
        chunks.clear();
        chunks.putAll(found.chunks);
        Violation.unless(
                summary.examined() == found.chunks.size(), "a check says one thing and tells another: %s", summary);
        return isWell(summary);
    }

    /** Also no surplus, no deleted chunk, no orphan and no damage: all of that goes away by itself. Some servers never come back. */
    private static boolean isWell(CheckSummary summary) {
        return summary.count("missing") == 0
                && summary.count("corrupt") == 0
                && summary.count("under") == 0
                && summary.count("over") == 0
                && summary.count("misplaced") == 0
                && summary.reclaiming() == 0
                && summary.servers().stream()
                        .allMatch(
                                server -> server.orphans() == 0 && server.damaged() == 0 && server.silentCopies() == 0);
    }

    private String reasons(Cairn cairn) throws CairnException {
        String named = explain(cairn, chunks.values());
        return named.isEmpty() ? ": garbage, orphans or damage are left: " + cairn.report() : named;
    }

    /** Chunks that have fewer good copies than they should. */
    static List<ChunkCheck> lacking(Cairn cairn) throws CairnException {
        Everything found = new Everything();
        cairn.check("/", false, found);
        return found.chunks.values().stream()
                .filter(chunk -> chunk.good() < chunk.goal())
                .toList();
    }

    /** What the cell says of some chunks that are not healthy, a sentence a line; nothing when all are. */
    static String whatIsWrong(Cairn cairn) throws CairnException {
        Everything found = new Everything();
        cairn.check("/", true, found);
        return explain(cairn, found.chunks.values());
    }

    private static String explain(Cairn cairn, Collection<ChunkCheck> among) throws CairnException {
        StringBuilder reasons = new StringBuilder();
        int named = 0;
        for (ChunkCheck chunk : among) {
            if (!chunk.health().equals("healthy") && named++ < NAMED_MAX) {
                cairn.explain(chunk.handle())
                        .sentences()
                        .forEach(sentence -> reasons.append(System.lineSeparator())
                                .append("    ")
                                .append(sentence));
            }
        }
        return reasons.toString();
    }

    /** The chunks that the cell says it has. */
    boolean knows(long handle) {
        return chunks.containsKey(new ChunkHandle(handle));
    }

    /** Each as it was said to be, healthy. */
    Collection<ChunkCheck> chunks() {
        return chunks.values();
    }
}
