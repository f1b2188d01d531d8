package cairn.simulation.check;

import cairn.simulation.check.Tree.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What can be brought back, as a user understands it: of each path what was deleted there, the oldest first. Immutable. Part of
 * {@link Tree}.
 */
public record Trash(Map<String, List<Deleted>> entries) {

    static final Trash EMPTY = new Trash(new TreeMap<>());

    /** It stays for as long as any history lasts. */
    public static final long FOR_EVER = Long.MAX_VALUE;

    /** In place of the time of a deletion: the clock of the master may be set, so what is deleted may expire at any time. */
    public static final long CLOCK_JUMPS = Long.MIN_VALUE;

    /**
     * A deleted file or tree.
     *
     * @param tree by path relative to it; it itself under an empty one
     * @param goneFromNanos from then on it may have expired, by the clock of the history
     */
    public record Deleted(Map<String, Entry> tree, long goneFromNanos) {

        int files() {
            return (int)
                    tree.values().stream().filter(entry -> !entry.directory()).count();
        }

        boolean mayBeGone(long nanos) {
            return goneFromNanos != FOR_EVER && goneFromNanos <= nanos;
        }

        String describe(String path) {
            boolean directory = tree.getOrDefault("", Entry.NONE).directory();
            return Trash.describe(path, directory, files());
        }
    }

    /** As a listing of the trash shows it. */
    public static String describe(String path, boolean directory, long files) {
        return path + (directory ? "/" : "") + ":" + files;
    }

    List<Deleted> of(String path) {
        return entries.getOrDefault(path, List.of());
    }

    Trash with(String path, Deleted deleted) {
        List<Deleted> longer = new ArrayList<>(of(path));
        longer.add(deleted);
        return set(path, longer);
    }

    Trash set(String path, List<Deleted> deleted) {
        Map<String, List<Deleted>> changed = new TreeMap<>(entries);
        if (deleted.isEmpty()) {
            changed.remove(path);
        } else {
            changed.put(path, List.copyOf(deleted));
        }
        return new Trash(changed);
    }

    Trash without(String path) {
        Map<String, List<Deleted>> changed = new TreeMap<>(entries);
        changed.keySet().removeIf(each -> Tree.isWithin(each, path));
        return new Trash(changed);
    }

    /** How many entries at or below {@code path} are certainly there ({@code sure}), or may be. */
    int count(String path, boolean sure, long nanos) {
        int count = 0;
        for (Map.Entry<String, List<Deleted>> each : entries.entrySet()) {
            if (Tree.isWithin(each.getKey(), path)) {
                count += (int) each.getValue().stream()
                        .filter(deleted -> !sure || !deleted.mayBeGone(nanos))
                        .count();
            }
        }
        return count;
    }

    /**
     * The ways in which a listing of {@code path} can be {@code words}: what is not among them has expired.
     *
     * @return what is left in each of them; empty when there is no way
     */
    List<Trash> listedAs(List<String> words, String path, long nanos) {
        List<Place> places = new ArrayList<>();
        entries.forEach((each, all) -> {
            if (Tree.isWithin(each, path)) {
                all.forEach(deleted -> places.add(new Place(each, deleted)));
            }
        });
        List<Trash> ways = new ArrayList<>();
        match(places, words, without(path), nanos, ways);
        return ways;
    }

    private record Place(String path, Deleted deleted) {}

    private static void match(List<Place> places, List<String> words, Trash left, long nanos, List<Trash> ways) {
        if (places.isEmpty()) {
            if (words.isEmpty() && !ways.contains(left)) {
                ways.add(left);
            }
            return;
        }
        Place first = places.get(0);
        List<Place> rest = places.subList(1, places.size());
        boolean shown = !words.isEmpty() && words.get(0).equals(first.deleted.describe(first.path));
        if (shown) {
            match(rest, words.subList(1, words.size()), left.with(first.path, first.deleted), nanos, ways);
        }
        if (first.deleted.mayBeGone(nanos)) {
            match(rest, words, left, nanos, ways);
        }
    }
}
