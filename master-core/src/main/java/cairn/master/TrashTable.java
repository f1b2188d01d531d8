package cairn.master;

import cairn.model.FileId;
import cairn.model.Invariant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each entry in the trash besides its place in the tree: part of {@link MasterImage}, and changed only by
 * its records. Found by path, by the order of deletion, and by the time at which it expires. Not thread-safe.
 */
final class TrashTable {
    private final NavigableMap<FileId, Trashed> entries = new TreeMap<>();
    private final NavigableMap<Place, Trashed> byPath =
            new TreeMap<>(Comparator.comparing(Place::path, Utf8Order.INSTANCE).thenComparingLong(Place::number));
    private final NavigableMap<Expiry, Trashed> byExpiry =
            new TreeMap<>(Comparator.comparingLong(Expiry::goneMillis).thenComparingLong(Expiry::number));
    private long lastNumber;

    /** Where it was, and which of those that were there. */
    record Place(String path, long number) {}

    private record Expiry(long goneMillis, long number) {}

    int size() {
        return entries.size();
    }

    /** Of the newest that was ever put into the trash; 0: none. */
    long lastNumber() {
        return lastNumber;
    }

    void loadLastNumber(long number) {
        lastNumber = number;
    }

    void put(Trashed entry) {
        Invariant.check(entries.put(entry.id(), entry) == null, "%s is in the trash twice", entry.id());
        byPath.put(new Place(entry.path(), entry.number()), entry);
        byExpiry.put(new Expiry(entry.goneMillis(), entry.number()), entry);
        lastNumber = Math.max(lastNumber, entry.number());
    }

    void remove(FileId id) {
        Trashed entry = entries.remove(id);
        if (entry == null) {
            throw Invariant.unreachable("%s is not known in the trash", id);
        }
        byPath.remove(new Place(entry.path(), entry.number()));
        byExpiry.remove(new Expiry(entry.goneMillis(), entry.number()));
    }

    /** By rising file id. */
    Collection<Trashed> all() {
        return Collections.unmodifiableCollection(entries.values());
    }

    /** Those whose time is over, the longest expired first. */
    List<Trashed> expired(long millis, int most) {
        List<Trashed> expired = new ArrayList<>();
        for (Trashed entry : byExpiry.values()) {
            if (entry.goneMillis() > millis || expired.size() == most) {
                break;
            }
            expired.add(entry);
        }
        return expired;
    }

    /** What was deleted of exactly this path, the newest first. */
    Collection<Trashed> of(String path) {
        return byPath.subMap(new Place(path, 0), true, new Place(path, Long.MAX_VALUE), true)
                .descendingMap()
                .values();
    }

    @Nullable
    Trashed of(String path, long number) {
        return byPath.get(new Place(path, number));
    }

    /** What was deleted of this path and of paths below it, by path, the oldest first; from behind {@code after} on. */
    Iterator<Trashed> within(String path, Place after) {
        return new Within(path, after);
    }

    /** Two ranges: the path itself, and all that begins with it and a slash. Between them lie names like {@code path-2}. */
    private final class Within implements Iterator<Trashed> {
        private final String path;
        private final String prefix;
        private @Nullable Trashed next;

        Within(String path, Place after) {
            this.path = path;
            this.prefix = path.equals("/") ? path : path + "/";
            Place start = new Place(path, 0);
            boolean later = after.path().equals(path) || after.path().startsWith(prefix);
            this.next = find(later ? after : start);
        }

        private @Nullable Trashed find(Place after) {
            var found = byPath.higherEntry(after);
            if (found != null && !isWithin(found.getKey().path())) {
                Place below = new Place(prefix, 0);
                boolean ahead = byPath.comparator().compare(found.getKey(), below) < 0;
                found = ahead ? byPath.higherEntry(below) : null;
            }
            return found != null && isWithin(found.getKey().path()) ? found.getValue() : null;
        }

        private boolean isWithin(String other) {
            return other.equals(path) || other.startsWith(prefix);
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Trashed next() {
            Trashed now = next;
            if (now == null) {
                throw new NoSuchElementException(path);
            }
            next = find(new Place(now.path(), now.number()));
            return now;
        }
    }
}
