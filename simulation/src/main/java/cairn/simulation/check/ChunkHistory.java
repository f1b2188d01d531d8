package cairn.simulation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the calls on a file meant for one of its chunks, as a history of atomic operations for {@link Linearizability}
 * (P4): a write or read within a chunk is one of them, a call that spans chunks is one for each.
 *
 * <p>The chunk is cut into segments wherever any operation begins or ends, so that each segment holds the bytes of just
 * one write at any time: its number, or 0 for zeros.
 */
public final class ChunkHistory {

    private final long chunkBytes;
    private final long chunkBegin;
    private final List<FileOp> calls;
    private final List<Piece> pieces = new ArrayList<>();
    private int[] cuts = {};

    public ChunkHistory(long chunkBytes, int index, List<FileOp> calls) {
        this.chunkBytes = chunkBytes;
        this.chunkBegin = index * chunkBytes;
        this.calls = calls;
        calls.forEach(this::addPieces);
        cut();
        pieces.forEach(piece -> piece.prepare(this));
    }

    /** How a piece changes or sees the chunk. */
    private enum Effect {
        WRITE,
        AT_LEAST,
        SET_LENGTH,
        READ,
        LENGTH_IS,
        LENGTH_AT_MOST
    }

    /** Contents of the chunk at one moment: which write each segment shows. */
    @SuppressWarnings("ArrayRecordComponent") // compared by value, below
    private record Content(int length, int[] segments) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content that && that.length == length && Arrays.equals(that.segments, segments);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(segments) + length;
        }

        @Override
        public String toString() {
            return length + " bytes, writes " + Arrays.toString(segments);
        }
    }

    /** Part of a call, in bytes of the chunk. */
    private static final class Piece implements Operation<Content> {
        private final FileOp call;
        private final Effect effect;
        private final int from;
        private final int to;
        private int firstSegment;
        private int endSegment;
        private int[][] allowed = {};

        Piece(FileOp call, Effect effect, long from, long to) {
            this.call = call;
            this.effect = effect;
            this.from = (int) from;
            this.to = (int) to;
        }

        private void prepare(ChunkHistory history) {
            firstSegment = Arrays.binarySearch(history.cuts, from);
            endSegment = Arrays.binarySearch(history.cuts, to);
            if (effect == Effect.READ) {
                allowed = new int[endSegment - firstSegment][];
                for (int segment = firstSegment; segment < endSegment; segment++) {
                    allowed[segment - firstSegment] = history.writesShowing(this, segment);
                }
            }
        }

        @Override
        public long invokedAt() {
            return call.invokedAt;
        }

        @Override
        public long returnedAt() {
            return call.returnedAt;
        }

        @Override
        public List<Content> step(Content now) {
            return switch (effect) {
                case READ -> shows(now) ? List.of(now) : List.of();
                case LENGTH_IS -> now.length == to ? List.of(now) : List.of();
                case LENGTH_AT_MOST -> now.length <= to ? List.of(now) : List.of();
                case WRITE, AT_LEAST, SET_LENGTH -> call.unsure ? List.of(change(now), now) : List.of(change(now));
            };
        }

        private boolean shows(Content now) {
            if (now.length < to) {
                return false;
            }
            for (int segment = firstSegment; segment < endSegment; segment++) {
                if (!contains(allowed[segment - firstSegment], now.segments[segment])) {
                    return false;
                }
            }
            return true;
        }

        private static boolean contains(int[] numbers, int wanted) {
            for (int number : numbers) {
                if (number == wanted) {
                    return true;
                }
            }
            return false;
        }

        private Content change(Content now) {
            int[] segments = now.segments;
            int length = effect == Effect.SET_LENGTH ? to : Math.max(now.length, to);
            if (effect == Effect.WRITE) {
                segments = segments.clone();
                Arrays.fill(segments, firstSegment, endSegment, call.number);
            } else if (effect == Effect.SET_LENGTH && to < now.length) {
                segments = segments.clone();
                Arrays.fill(segments, endSegment, segments.length, 0);
            }
            return new Content(length, segments);
        }

        @Override
        public String toString() {
            return "%s {%s %d to %d of the chunk, writes seen: %s}"
                    .formatted(call, effect, from, to, Arrays.deepToString(allowed));
        }
    }

    private void addPieces(FileOp call) {
        switch (call.kind) {
            case WRITE -> addWrite(call);
            case TRUNCATE -> addTruncate(call);
            case LENGTH -> add(call, Effect.LENGTH_IS, 0, inChunk(call.toldLength));
            case READ -> addRead(call);
        }
    }

    private void addWrite(FileOp call) {
        long from = inChunk(call.offset);
        long to = inChunk(call.offset + call.length);
        if (from < to) {
            add(call, Effect.WRITE, from, to);
        } else if (from == chunkBytes) {
            add(call, Effect.AT_LEAST, 0, chunkBytes); // it lies behind this chunk, which is filled
        }
    }

    private void addTruncate(FileOp call) {
        add(call, Effect.SET_LENGTH, 0, inChunk(call.offset));
    }

    private void addRead(FileOp call) {
        byte[] got = call.got;
        if (got == null) {
            return;
        }
        long end = call.offset + got.length;
        if (inChunk(call.offset) < inChunk(end)) {
            add(call, Effect.READ, inChunk(call.offset), inChunk(end));
        }
        boolean endHere = end >= chunkBegin && end < chunkBegin + chunkBytes;
        if (got.length < call.length && endHere) {
            add(call, got.length > 0 ? Effect.LENGTH_IS : Effect.LENGTH_AT_MOST, 0, end - chunkBegin);
        }
    }

    private void add(FileOp call, Effect effect, long from, long to) {
        pieces.add(new Piece(call, effect, from, to));
    }

    private long inChunk(long position) {
        return Math.clamp(position - chunkBegin, 0, chunkBytes);
    }

    private void cut() {
        TreeSet<Integer> edges = new TreeSet<>(List.of(0, (int) chunkBytes));
        for (Piece piece : pieces) {
            edges.add(piece.from);
            edges.add(piece.to);
        }
        cuts = edges.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The numbers of all writes whose bytes are what {@code read} saw in a segment. */
    private int[] writesShowing(Piece read, int segment) {
        byte[] got = read.call.got;
        int from = cuts[segment];
        int to = cuts[segment + 1];
        List<Integer> numbers = new ArrayList<>();
        if (matches(read.call, got, 0, from, to)) {
            numbers.add(0);
        }
        for (Piece write : pieces) {
            boolean covers = write.effect == Effect.WRITE && write.from <= from && write.to >= to;
            if (covers && matches(read.call, got, write.call.number, from, to)) {
                numbers.add(write.call.number);
            }
        }
        Violation.unless(
                !numbers.isEmpty(),
                "%s: bytes %d to %d are those of no write",
                read.call,
                chunkBegin + from,
                chunkBegin + to);
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private boolean matches(FileOp read, byte @Nullable [] got, int number, int from, int to) {
        for (int at = from; at < to; at++) {
            long position = chunkBegin + at;
            byte expected = number == 0 ? 0 : FileOp.byteOf(number, position);
            if (got == null || got[(int) (position - read.offset)] != expected) {
                return false;
            }
        }
        return true;
    }

    /** Throws a {@link Violation} when there is no order that explains all. */
    public Linearizability.Verdict judge(String file) {
        Content empty = new Content(0, new int[cuts.length - 1]);
        Linearizability<Content> search = new Linearizability<>(empty, pieces);
        Linearizability.Verdict verdict = search.judge();
        if (verdict == Linearizability.Verdict.VIOLATED) {
            StringBuilder history = new StringBuilder();
            calls.forEach(call -> history.append("    ").append(call).append('\n'));
            throw new Violation("%s is not linearizable from %d on; %s%n  segments begin at %s%nThe history:%n%s"
                    .formatted(file, chunkBegin, search.stuck(), Arrays.toString(cuts), history));
        }
        return verdict;
    }
}
