package cairn.master;

import cairn.model.FileId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes over an entry and all below it: each before those below it, in the order of names. The tree must not change meanwhile. */
final class TreeWalk {
    private static final int PAGE = 1000;

    private final Namespace names;
    private final Deque<Level> levels = new ArrayDeque<>();
    private @Nullable Inode root;

    /** A directory that is being gone through. */
    private static final class Level {
        final FileId directory;
        Iterator<Inode> page = List.<Inode>of().iterator();
        String after = "";

        Level(FileId directory) {
            this.directory = directory;
        }
    }

    TreeWalk(Namespace names, Inode root) {
        this.names = names;
        this.root = root;
    }

    /** The next entry; null when all were gone over. */
    @Nullable
    Inode next() {
        Inode found = root;
        root = null;
        while (found == null && !levels.isEmpty()) {
            found = nextIn(levels.getLast());
            if (found == null) {
                levels.removeLast();
            }
        }
        if (found != null && found.directory()) {
            levels.addLast(new Level(found.id()));
        }
        return found;
    }

    private @Nullable Inode nextIn(Level level) {
        if (!level.page.hasNext()) {
            level.page = names.list(level.directory, level.after, PAGE).iterator();
        }
        if (!level.page.hasNext()) {
            return null;
        }
        Inode entry = level.page.next();
        level.after = entry.name();
        return entry;
    }
}
