package cairn.simulation.check;

import cairn.simulation.check.Trash.Deleted;
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
 * @param trash what was deleted and can be brought back
 */
public record Tree(Map<String, Entry> entries, Trash trash) {

    public static final Tree EMPTY = new Tree(new TreeMap<>());

    public static final String OK = "ok";

    private static final int DEFAULT_MODE = 0755;

    /** Nothing is in the trash. */
    public Tree(Map<String, Entry> entries) {
        this(entries, Trash.EMPTY);
    }

    /**
     * What was laid down for a directory.
     *
     * @param trashSeconds how long what is deleted there is kept; {@link #UNSET}: as above it
     * @param filesMax its quota of files; {@link #UNSET}: none
     */
    public record Rules(long trashSeconds, long filesMax) {
        public static final long UNSET = -1;
        public static final Rules NONE = new Rules(UNSET, UNSET);
    }

    /** A file or directory. */
    public record Entry(boolean directory, int mode, String owner, int replication, Rules rules) {

        /** Of a call that makes nothing. */
        public static final Entry NONE = new Entry(false, 0, "", 0);

        /** Without rules. */
        public Entry(boolean directory, int mode, String owner, int replication) {
            this(directory, mode, owner, replication, Rules.NONE);
        }

        Entry with(Rules changed) {
            return new Entry(directory, mode, owner, replication, changed);
        }
    }

    /** The tree after a request, and what the client is told. */
    public record Outcome(Tree after, String answer) {}

    private Outcome refused(String code) {
        return new Outcome(this, code);
    }

    private Outcome with(Map<String, Entry> changed) {
        return new Outcome(new Tree(changed, trash), OK);
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

    static String parent(String path) {
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

    private Rules rulesAt(String path) {
        return entries.getOrDefault(path, Entry.NONE).rules;
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

    /** @param nanos when a file that is replaced goes to the trash, at the earliest */
    public Outcome create(String path, boolean overwrite, boolean parents, Entry made, long nanos) {
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
        if (there == null && (parents || isDirectory(parent(path))) && !hasRoom(path, "", 1)) {
            return refused("QUOTA_EXCEEDED");
        }
        return (there == null ? this : discarded(path, nanos)).make(path, parents, made);
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

    public Outcome delete(String path, boolean recursive, boolean intoTrash, long nanos) {
        String fault = fileOnTheWay(path);
        if (fault != null || !entries.containsKey(path)) {
            return refused(fault != null ? fault : "NOT_FOUND");
        }
        if (!recursive && !namesIn(path).isEmpty()) {
            return refused("NOT_EMPTY");
        }
        return new Outcome(intoTrash ? discarded(path, nanos) : without(path), OK);
    }

    private Tree without(String path) {
        Map<String, Entry> changed = new TreeMap<>(entries);
        changed.keySet().removeIf(each -> isWithin(each, path));
        return new Tree(changed, trash);
    }

    /** Without what is at {@code path}, which is kept as long as its directories say. */
    private Tree discarded(String path, long nanos) {
        Tree left = without(path);
        long seconds = trashSeconds(path);
        if (seconds == 0) {
            return left;
        }
        Map<String, Entry> tree = new TreeMap<>();
        entries.forEach((each, entry) -> {
            if (isWithin(each, path)) {
                tree.put(each.substring(path.length()), entry);
            }
        });
        // No clock runs faster than a tenth.
        long goneFrom = seconds == Rules.UNSET ? Trash.FOR_EVER : nanos + seconds * 900_000_000L;
        goneFrom = nanos == Trash.CLOCK_JUMPS ? 0 : goneFrom;
        return new Tree(left.entries, trash.with(path, new Deleted(tree, goneFrom)));
    }

    private long trashSeconds(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            long own = rulesAt(at).trashSeconds;
            if (own != Rules.UNSET) {
                return own;
            }
        }
        return Rules.UNSET;
    }

    /** Whether {@code more} files fit into the directories above {@code path}; those that hold {@code from} hold them already. */
    private boolean hasRoom(String path, String from, int more) {
        for (String at = parent(path); more > 0 && !at.isEmpty(); at = parent(at)) {
            long most = rulesAt(at).filesMax;
            boolean holds = !from.isEmpty() && isWithin(from, at);
            if (most != Rules.UNSET && !holds && filesIn(at) + more > most) {
                return false;
            }
        }
        return true;
    }

    private int filesIn(String directory) {
        return (int) entries.entrySet().stream()
                .filter(each -> isWithin(each.getKey(), directory) && !each.getValue().directory)
                .count();
    }

    /** @param nanos when a file that is replaced goes to the trash, at the earliest */
    public Outcome rename(String from, String to, boolean overwrite, long nanos) {
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
        if (!hasRoom(to, from, filesIn(from) - (there == null ? 0 : 1))) {
            return refused("QUOTA_EXCEEDED");
        }
        return new Outcome((there == null ? this : discarded(to, nanos)).moved(from, to), OK);
    }

    private Tree moved(String from, String to) {
        Map<String, Entry> changed = new TreeMap<>(entries);
        entries.forEach((path, entry) -> {
            if (isWithin(path, from)) {
                changed.remove(path);
                changed.put(to + path.substring(from.length()), entry);
            }
        });
        return new Tree(changed, trash);
    }

    public Outcome setAttributes(String path, int mode, String owner) {
        String fault = fileOnTheWay(path);
        Entry there = entries.get(path);
        if (fault != null || there == null) {
            return refused(fault != null ? fault : "NOT_FOUND");
        }
        Map<String, Entry> changed = new TreeMap<>(entries);
        changed.put(path, new Entry(there.directory, mode, owner, there.replication, there.rules));
        return with(changed);
    }

    public Outcome setTrashTime(String path, long seconds) {
        return rule(path, new Rules(seconds, rulesAt(path).filesMax));
    }

    public Outcome setQuota(String path, long filesMax) {
        return rule(path, new Rules(rulesAt(path).trashSeconds, filesMax));
    }

    private Outcome rule(String path, Rules rules) {
        String fault = fileOnTheWay(path);
        Entry there = entries.get(path);
        if (fault != null || there == null) {
            return refused(fault != null ? fault : "NOT_FOUND");
        }
        if (!there.directory) {
            return refused("NOT_DIRECTORY");
        }
        Map<String, Entry> changed = new TreeMap<>(entries);
        changed.put(path, there.with(rules));
        return with(changed);
    }

    /**
     * The newest that was deleted of {@code path} comes back; what may have expired may be passed over, and is gone then.
     *
     * @param nanos when it takes place, at the latest
     */
    public List<Outcome> undelete(String path, String to, long nanos) {
        List<Outcome> outcomes = new ArrayList<>();
        List<Deleted> left = new ArrayList<>(trash.of(path));
        while (!left.isEmpty()) {
            Deleted newest = left.remove(left.size() - 1);
            List<Deleted> all = new ArrayList<>(left);
            all.add(newest);
            Tree before = new Tree(entries, trash.set(path, all));
            outcomes.add(before.undelete(path, newest, to, left));
            if (!newest.mayBeGone(nanos)) {
                return outcomes;
            }
        }
        outcomes.add(new Tree(entries, trash.set(path, List.of())).refused("NOT_FOUND"));
        return outcomes;
    }

    private Outcome undelete(String path, Deleted deleted, String to, List<Deleted> left) {
        String fault = fileOnTheWay(to);
        if (fault != null) {
            return refused(fault);
        }
        if (entries.containsKey(to)) {
            return refused("EXISTS");
        }
        if (!isDirectory(parent(to))) {
            return refused("NOT_FOUND");
        }
        if (!hasRoom(to, "", deleted.files())) {
            return refused("QUOTA_EXCEEDED");
        }
        Map<String, Entry> changed = new TreeMap<>(entries);
        deleted.tree().forEach((below, entry) -> changed.put(to + below, entry));
        return new Outcome(new Tree(changed, trash.set(path, left)), OK);
    }

    /** The ways in which the trash can be listed as {@code answer}; with none, it cannot be. */
    public List<Outcome> listTrash(String path, String answer, long nanos) {
        List<String> words = answer.isEmpty() ? List.of() : List.of(answer.split(" "));
        return trash.listedAs(words, path, nanos).stream()
                .map(left -> new Outcome(new Tree(entries, left), answer))
                .toList();
    }

    /** What was deleted at and below {@code path} is given up; what has expired before is not counted. */
    public List<Outcome> emptyTrash(String path, long nanos) {
        Tree after = new Tree(entries, trash.without(path));
        List<Outcome> outcomes = new ArrayList<>();
        for (int count = trash.count(path, true, nanos); count <= trash.count(path, false, nanos); count++) {
            outcomes.add(new Outcome(after, emptied(count)));
        }
        return outcomes;
    }

    public static String emptied(long entries) {
        return "emptied " + entries;
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

    static boolean isWithin(String path, String directory) {
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
