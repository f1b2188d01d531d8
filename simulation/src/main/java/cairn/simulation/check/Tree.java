package cairn.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The namespace as a user understands it, naively: every path and what is there. Immutable; each change makes a new one.
 * Written from the promises of {@code cairn.client.Cairn}, not from the master's code.
 *
 * @param entries by full path; the root is not among them
 */
public record Tree(Map<String, Entry> entries) {

    public static final Tree EMPTY = new Tree(new TreeMap<>());

    public static final String OK = "ok";

    private static final int DEFAULT_MODE = 0755;

    /** A file or directory. */
    public record Entry(boolean directory, int mode, String owner, int replication) {

        /** Of a call that makes nothing. */
        public static final Entry NONE = new Entry(false, 0, "", 0);
    }

    /** The tree after a request, and what the client is told. */
    public record Outcome(Tree after, String answer) {}

    private Outcome refused(String code) {
        return new Outcome(this, code);
    }

    private Outcome with(Map<String, Entry> changed) {
        return new Outcome(new Tree(changed), OK);
    }

    /** A file on the way is NOT_DIRECTORY, whatever is asked for; null when the path is fine. */
    private @Nullable String fileOnTheWay(String path) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            Entry entry = entries.get(path.substring(0, slash));
            if (entry != null && !entry.directory) {
                return "NOT_DIRECTORY";
            }
        }
        return null;
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private boolean isDirectory(String path) {
        Entry entry = entries.get(path);
        return path.isEmpty() || (entry != null && entry.directory);
    }

    private int goalAt(String directory, int rootGoal) {
        Entry entry = entries.get(directory);
        return entry == null ? rootGoal : entry.replication;
    }

    public Outcome mkdir(String path, boolean parents, Entry made) {
        String fault = fileOnTheWay(path);
        Entry there = entries.get(path);
        if (fault != null) {
            return refused(fault);
        }
        if (there != null) {
            return refused(there.directory && parents ? OK : "EXISTS");
        }
        return make(path, parents, made);
    }

    public Outcome create(String path, boolean overwrite, boolean parents, Entry made) {
        String fault = fileOnTheWay(path);
        Entry there = entries.get(path);
        if (fault != null) {
            return refused(fault);
        }
        if (there != null && there.directory) {
            return refused("IS_DIRECTORY");
        }
        if (there != null && !overwrite) {
            return refused("EXISTS");
        }
        return make(path, parents, made);
    }

    private Outcome make(String path, boolean parents, Entry made) {
        if (!parents && !isDirectory(parent(path))) {
            return refused("NOT_FOUND");
        }
        Map<String, Entry> changed = new TreeMap<>(entries);
        int goal = made.replication;
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String above = path.substring(0, slash);
            int inherited = new Tree(changed).goalAt(parent(above), goal);
            changed.putIfAbsent(above, new Entry(true, DEFAULT_MODE, made.owner, inherited));
        }
        int inherited = new Tree(changed).goalAt(parent(path), goal);
        changed.put(path, new Entry(made.directory, made.mode, made.owner, inherited));
        return with(changed);
    }

    public Outcome delete(String path, boolean recursive) {
        String fault = fileOnTheWay(path);
        if (fault != null || !entries.containsKey(path)) {
            return refused(fault != null ? fault : "NOT_FOUND");
        }
        if (!recursive && !namesIn(path).isEmpty()) {
            return refused("NOT_EMPTY");
        }
        Map<String, Entry> changed = new TreeMap<>(entries);
        changed.keySet().removeIf(each -> isWithin(each, path));
        return with(changed);
    }

    public Outcome rename(String from, String to, boolean overwrite) {
        String fault = fileOnTheWay(from);
        Entry moving = entries.get(from);
        if (fault != null || moving == null) {
            return refused(fault != null ? fault : "NOT_FOUND");
        }
        if (from.equals(to)) {
            return refused(OK);
        }
        if (isWithin(to, from)) {
            return refused("BAD_RENAME");
        }
        String faultThere = fileOnTheWay(to);
        Entry there = entries.get(to);
        if (faultThere != null) {
            return refused(faultThere);
        }
        if (there != null && (there.directory || moving.directory || !overwrite)) {
            return refused("EXISTS");
        }
        if (!isDirectory(parent(to))) {
            return refused("NOT_FOUND");
        }
        Map<String, Entry> changed = new TreeMap<>(entries);
        entries.forEach((path, entry) -> {
            if (isWithin(path, from)) {
                changed.remove(path);
                changed.put(to + path.substring(from.length()), entry);
            }
        });
        return with(changed);
    }

    public Outcome setAttributes(String path, int mode, String owner) {
        String fault = fileOnTheWay(path);
        Entry there = entries.get(path);
        if (fault != null || there == null) {
            return refused(fault != null ? fault : "NOT_FOUND");
        }
        Map<String, Entry> changed = new TreeMap<>(entries);
        changed.put(path, new Entry(there.directory, mode, owner, there.replication));
        return with(changed);
    }

    public Outcome stat(String path) {
        String fault = fileOnTheWay(path);
        Entry there = entries.get(path);
        if (fault != null || there == null) {
            return refused(fault != null ? fault : "NOT_FOUND");
        }
        return refused(describe(there, namesIn(path).size()));
    }

    /** A page: at most {@code limit} names that come after {@code after}. */
    public Outcome list(String path, String after, int limit) {
        String fault = fileOnTheWay(path);
        Entry there = entries.get(path);
        if (fault != null || there == null) {
            return refused(fault != null ? fault : "NOT_FOUND");
        }
        if (!there.directory) {
            return refused(path.substring(path.lastIndexOf('/') + 1));
        }
        List<String> names = namesIn(path);
        names.removeIf(name -> name.compareTo(after) <= 0);
        return refused(String.join(" ", names.subList(0, Math.min(limit, names.size()))));
    }

    public static String describe(Entry entry, int names) {
        return "%s %o %s x%d %d"
                .formatted(entry.directory ? "directory" : "file", entry.mode, entry.owner, entry.replication, names);
    }

    private static boolean isWithin(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }

    private List<String> namesIn(String directory) {
        List<String> names = new ArrayList<>();
        for (String path : entries.keySet()) {
            if (parent(path).equals(directory)) {
                names.add(path.substring(directory.length() + 1));
            }
        }
        return names;
    }
}
