package cairn.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Which replicas wait for a sync, and since when as far as the caller's clock was told. Thread-safe. */
final class DirtyWatch {
    private static final long UNSEEN = Long.MIN_VALUE;

    private final ConcurrentSkipListMap<Long, Entry> entries = new ConcurrentSkipListMap<>();

    private static final class Entry {
        private final Replica replica;
        private volatile long sinceNanos = UNSEEN;

        Entry(Replica replica) {
            this.replica = replica;
        }
    }

    void dirtied(Replica replica) {
        long key = replica.handle().value();
        Entry entry = entries.get(key);
        if (entry == null || entry.replica != replica) {
            entries.put(key, new Entry(replica));
        }
    }

    List<DirtyReplica> dirty(long nowNanos) {
        List<DirtyReplica> dirty = new ArrayList<>();
        for (Map.Entry<Long, Entry> each : entries.entrySet()) {
            Entry entry = each.getValue();
            if (!entry.replica.dirty()) {
                entries.remove(each.getKey(), entry);
                if (entry.replica.dirty()) { // a mutation came in between
                    dirtied(entry.replica);
                }
                continue;
            }
            if (entry.sinceNanos == UNSEEN) {
                entry.sinceNanos = nowNanos;
            }
            dirty.add(new DirtyReplica(entry.replica, entry.sinceNanos));
        }
        dirty.sort(Comparator.comparingLong(each -> each.sinceNanos() - nowNanos));
        return dirty;
    }
}
