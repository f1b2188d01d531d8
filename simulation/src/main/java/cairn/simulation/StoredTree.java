package cairn.simulation;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of one disk, with every change of a name that is not yet durable. Instant: delays are the disk's. */
final class StoredTree {

    private final StoredDirectory root = new StoredDirectory();
    private final List<NameChange> unsynced = new ArrayList<>();

    /** A name in its directory. */
    private record Place(StoredDirectory directory, String name) {

        @Nullable
        StoredNode seen() {
            return name.isEmpty() ? directory : directory.seen().get(name);
        }
    }

    /** {@code node} left {@code from} and came to {@code to}, in one go; one of them is missing for create and delete. */
    private record NameChange(
            StoredNode node, @Nullable Place from, @Nullable Place to) {

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            throw new UnsupportedOperationException("changes are compared by identity");
        }

        boolean touches(StoredDirectory directory) {
            return (from != null && from.directory == directory) || (to != null && to.directory == directory);
        }

        void makeDurable() {
            if (from != null) {
                from.directory.durable().remove(from.name, node);
            }
            if (to != null) {
                to.directory.durable().put(to.name, node);
            }
        }
    }

    /** The file called {@code name}; {@code where} names it in messages. */
    StoredFile file(String name, String where) throws IOException {
        if (find(name) instanceof StoredFile file) {
            return file;
        }
        throw new NoSuchFileException(where);
    }

    @Nullable
    StoredNode find(String name) {
        StoredNode node = root;
        for (String part : parts(name)) {
            if (!(node instanceof StoredDirectory directory)) {
                return null;
            }
            node = directory.seen().get(part);
        }
        return node;
    }

    StoredFile create(String name, String where) throws IOException {
        Place place = place(name, where);
        if (place.seen() != null) {
            throw new FileAlreadyExistsException(where);
        }
        StoredFile file = new StoredFile();
        move(file, null, place);
        return file;
    }

    void makeDirectories(String name, String where) throws IOException {
        StoredDirectory at = root;
        for (String part : parts(name)) {
            Place place = new Place(at, part);
            StoredNode next = place.seen();
            if (next == null) {
                next = new StoredDirectory();
                move(next, null, place);
            }
            if (!(next instanceof StoredDirectory directory)) {
                throw new FileAlreadyExistsException(where);
            }
            at = directory;
        }
    }

    void rename(String from, String to, String where) throws IOException {
        Place source = place(from, where);
        Place goal = place(to, where);
        StoredNode node = source.seen();
        if (node == null) {
            throw new NoSuchFileException(where);
        }
        if (goal.seen() instanceof StoredDirectory full && !full.seen().isEmpty()) {
            throw new DirectoryNotEmptyException(where);
        }
        move(node, source, goal);
    }

    void delete(String name, String where) throws IOException {
        if (find(name) == null) {
            return;
        }
        Place place = place(name, where);
        StoredNode node = place.seen();
        if (node instanceof StoredDirectory full && !full.seen().isEmpty()) {
            throw new DirectoryNotEmptyException(where);
        }
        if (node != null) {
            move(node, place, null);
        }
    }

    private void move(StoredNode node, @Nullable Place from, @Nullable Place to) {
        if (from != null) {
            from.directory.seen().remove(from.name);
        }
        if (to != null) {
            to.directory.seen().put(to.name, node);
        }
        unsynced.add(new NameChange(node, from, to));
    }

    List<String> list(String name) {
        return find(name) instanceof StoredDirectory directory
                ? List.copyOf(directory.seen().keySet())
                : List.of();
    }

    void syncDirectory(String name, String where) throws IOException {
        if (!(find(name) instanceof StoredDirectory directory)) {
            throw new NoSuchFileException(where);
        }
        List<NameChange> chosen = new ArrayList<>();
        for (NameChange change : unsynced.reversed()) {
            if (change.touches(directory) || chosen.stream().anyMatch(later -> later.node == change.node)) {
                chosen.addFirst(change); // what happened to the same node before comes first
            }
        }
        chosen.forEach(NameChange::makeDurable);
        unsynced.removeAll(chosen);
    }

    /** Of the unsynced names, keeps none, those up to some moment (a journal), or any whose history is kept too. */
    void losePower(PowerCut cut) {
        SimRandom luck = cut.luck();
        PowerCut.Mood mood = cut.mood();
        int upTo = luck.below(unsynced.size() + 1);
        List<NameChange> lost = new ArrayList<>();
        for (int i = 0; i < unsynced.size(); i++) {
            NameChange change = unsynced.get(i);
            boolean kept = switch (mood) {
                case NONE -> false;
                case ALL, TORN -> i < upTo;
                case EACH -> luck.coin() && lost.stream().noneMatch(earlier -> earlier.node == change.node);
            };
            if (kept) {
                change.makeDurable();
            } else {
                lost.add(change);
            }
        }
        unsynced.clear();
        root.losePower(cut);
    }

    /** Takes a directory away with all below it, on the platter too; or everything. */
    void removeTree(String name) {
        if (name.isEmpty()) {
            unsynced.clear();
            root.seen().clear();
            root.durable().clear();
            return;
        }
        int slash = name.lastIndexOf('/');
        String last = name.substring(slash + 1);
        if (find(slash < 0 ? "" : name.substring(0, slash)) instanceof StoredDirectory parent) {
            StoredNode node = parent.seen().remove(last);
            parent.durable().remove(last);
            unsynced.removeIf(change -> change.node == node);
        }
    }

    long pages() {
        return root.pages();
    }

    private Place place(String name, String where) throws IOException {
        String[] parts = parts(name);
        StoredDirectory at = root;
        for (int i = 0; i < parts.length - 1; i++) {
            StoredNode next = at.seen().get(parts[i]);
            if (next == null) {
                throw new NoSuchFileException(where);
            }
            if (!(next instanceof StoredDirectory directory)) {
                throw new NotDirectoryException(where);
            }
            at = directory;
        }
        return new Place(at, parts.length == 0 ? "" : parts[parts.length - 1]);
    }

    private static String[] parts(String name) {
        return name.isEmpty() ? new String[0] : name.split("/", -1);
    }
}
