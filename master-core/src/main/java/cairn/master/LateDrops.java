package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Replicas of chunks that have left the cell. Their holders are told a little later, of many at once, and not of all at the same time: who
 * deletes many files has the machines until then, and new files do not wait behind old ones (GFS 4.4.1). A replica that nobody was
 * told of, because the master or the holder died before, is found in a report.
 */
final class LateDrops {
    static final long DELAY_NANOS = 1_000_000_000L;

    /** Of one order. */
    private static final int CHUNKS_MAX = 128;

    /** To one server, each time that is looked at the clock. */
    private static final int ORDERS_MAX = 4;

    private final NavigableMap<ServerId, ArrayDeque<Late>> waiting = new TreeMap<>();

    private record Late(long nanos, ChunkHandle chunk) {}

    void add(ServerId server, List<ChunkHandle> chunks, long nanos) {
        ArrayDeque<Late> late = waiting.computeIfAbsent(server, id -> new ArrayDeque<>());
        chunks.forEach(chunk -> late.add(new Late(nanos, chunk)));
    }

    /** Orders what has waited long enough. */
    void tick(long nanos, BiConsumer<ServerId, List<ChunkHandle>> order) {
        waiting.forEach((server, late) -> {
            for (int i = 0; i < ORDERS_MAX; i++) {
                List<ChunkHandle> due = next(late, nanos - DELAY_NANOS);
                if (!due.isEmpty()) {
                    order.accept(server, due);
                }
            }
        });
        waiting.values().removeIf(ArrayDeque::isEmpty);
    }

    private static List<ChunkHandle> next(ArrayDeque<Late> late, long untilNanos) {
        List<ChunkHandle> due = new ArrayList<>();
        while (due.size() < CHUNKS_MAX && !late.isEmpty() && late.getFirst().nanos <= untilNanos) {
            due.add(late.removeFirst().chunk);
        }
        return due;
    }
}
