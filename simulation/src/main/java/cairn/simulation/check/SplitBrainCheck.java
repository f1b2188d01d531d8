package cairn.simulation.check;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Judges, while it happens, that no chunk has a split brain (P6): two primaries never both succeed.
 *
 * <p>For each chunk: a version has one primary, all its members begin with the same serial, and only that primary acknowledges
 * under it. A serial is acknowledged for one mutation only. What was acknowledged under a version is content of every later
 * one: its serial is not above the one with which the later version was established. (That an acknowledgement is
 * <em>sent</em> after a later version was established is fine, as long as that version has the mutation.) And a replica
 * keeps the promise of its fence: it neither acknowledges nor serves an older version.
 *
 * <p>Not thread-safe: told by one thread at a time.
 */
public final class SplitBrainCheck implements Witness {

    private final Consumer<String> onViolation;
    private final boolean syncedOnly;
    private final Map<Long, History> chunks = new TreeMap<>();
    private long acknowledgements;

    /**
     * @param onViolation is told what was broken
     * @param syncedOnly the power of all members may fail at once: what they had not synced may be lost
     */
    public SplitBrainCheck(Consumer<String> onViolation, boolean syncedOnly) {
        this.onViolation = onViolation;
        this.syncedOnly = syncedOnly;
    }

    /** A version, as those who take part in it have established it. */
    private static final class Term {
        private final long serial;
        private long primary;
        private long acknowledgedSerial;

        Term(long serial) {
            this.serial = serial;
        }

        @Override
        public String toString() {
            return "{led by %d, established at serial %d, acknowledged to %d}"
                    .formatted(primary, serial, acknowledgedSerial);
        }
    }

    /** What one chunk has gone through. */
    private static final class History {
        private final TreeMap<Long, Term> terms = new TreeMap<>();
        private final TreeMap<Long, Long> mutations = new TreeMap<>();
        private final TreeMap<Long, Long> fences = new TreeMap<>();
    }

    private History of(ChunkHandle chunk) {
        return chunks.computeIfAbsent(chunk.value(), handle -> new History());
    }

    private void unless(boolean holds, ChunkHandle chunk, String what) {
        if (!holds) {
            History history = of(chunk);
            onViolation.accept("split brain of %s: %s%n  versions %s%n  fences by server %s"
                    .formatted(chunk, what, history.terms, history.fences));
        }
    }

    @Override
    public void met(Probe probe) {
        // not of interest here
    }

    @Override
    public void fenced(ChunkHandle chunk, long version, ServerId server) {
        of(chunk).fences.merge(server.value(), version, Math::max);
    }

    @Override
    public void established(ChunkHandle chunk, long version, long serial, ServerId server, boolean leads) {
        History history = of(chunk);
        Term term = history.terms.computeIfAbsent(version, none -> new Term(serial));
        unless(
                term.serial == serial,
                chunk,
                "server %d begins version %d with serial %d".formatted(server.value(), version, serial));
        if (leads) {
            unless(
                    term.primary == 0 || term.primary == server.value(),
                    chunk,
                    "server %d leads version %d too".formatted(server.value(), version));
            term.primary = server.value();
        }
        for (Map.Entry<Long, Term> older : history.terms.headMap(version).entrySet()) {
            unless(
                    older.getValue().acknowledgedSerial <= serial,
                    chunk,
                    "version %d begins with serial %d, without all that version %d has acknowledged"
                            .formatted(version, serial, older.getKey()));
        }
    }

    @Override
    public void acknowledged(ChunkHandle chunk, long version, long serial, ServerId server, Acknowledged mutation) {
        acknowledgements++;
        History history = of(chunk);
        String what = "server %d acknowledges serial %d under version %d".formatted(server.value(), serial, version);
        Term term = history.terms.get(version);
        if (term == null || term.primary != server.value() || serial <= term.serial) {
            unless(false, chunk, what + ", which it has no right to");
            return;
        }
        unless(history.fences.getOrDefault(server.value(), 0L) <= version, chunk, what + ", in spite of its fence");
        if (syncedOnly && !mutation.synced()) {
            return;
        }
        term.acknowledgedSerial = Math.max(term.acknowledgedSerial, serial);
        for (Map.Entry<Long, Term> later : history.terms.tailMap(version, false).entrySet()) {
            unless(
                    serial <= later.getValue().serial,
                    chunk,
                    what + ", which version " + later.getKey() + " does not have");
        }
        Long before = history.mutations.putIfAbsent(serial, mutation.identity());
        unless(before == null || before == mutation.identity(), chunk, what + ", which was that of another mutation");
    }

    @Override
    public void served(ChunkHandle chunk, long version, ServerId server) {
        long fence = of(chunk).fences.getOrDefault(server.value(), 0L);
        unless(
                fence <= version,
                chunk,
                "server %d serves version %d in spite of its fence".formatted(server.value(), version));
    }

    /** How many acknowledgements were judged. */
    public long acknowledgements() {
        return acknowledgements;
    }
}
