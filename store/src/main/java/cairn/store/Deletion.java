package cairn.store;

import cairn.model.ChunkHandle;
import cairn.model.proof.Probe;
import cairn.world.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Without its journal a data file is garbage: the durable rename of the journal is the moment of deletion. Steps become durable for all
 * replicas together: the renamed journals, then that the data is gone, then that the journals are. Only then their files may become
 * {@link Blanks}: no power loss brings an old name back beside a new one. One thread; used once.
 */
final class Deletion {
    private final Shelf shelf;
    private final Disk disk;
    private final NavigableMap<Long, Replica> replicas;
    private final NavigableMap<Long, QuarantinedReplica> quarantined;
    private final LongPredicate coming;
    private final List<ChunkHandle> left = new ArrayList<>();

    /**
     * Names that nobody used when the replica of this run lost them, and the bytes of their files: who comes later does not find the file.
     */
    private final TreeMap<String, Long> unused = new TreeMap<>();

    /** Chunks of which there is a replica, and nothing else: there are no other names to look for. */
    private final Set<Long> whole = new TreeSet<>();

    /** Files that are to become blanks when the loss of their names is durable. */
    private final List<Blanks.Nameless> nameless = new ArrayList<>();

    private @Nullable IOException first;

    /** @param coming says of which chunks one is coming, by handle */
    Deletion(
            Shelf shelf,
            NavigableMap<Long, Replica> replicas,
            NavigableMap<Long, QuarantinedReplica> quarantined,
            LongPredicate coming) {
        this.shelf = shelf;
        this.disk = shelf.disk;
        this.replicas = replicas;
        this.quarantined = quarantined;
        this.coming = coming;
    }

    /** The caller keeps everybody else from adding and removing replicas. */
    void run(List<ChunkHandle> handles) {
        handles.stream()
                .distinct()
                .filter(handle -> replicas.containsKey(handle.value()) || quarantined.containsKey(handle.value()))
                .forEach(left::add);
        boolean any = left.stream().anyMatch(handle -> replicas.containsKey(handle.value()));
        each(this::forget);
        if (any) {
            together();
        }
        each(this::unlink);
        if (!left.isEmpty()) {
            together();
        }
        each(this::tidy);
        if (!nameless.isEmpty()) {
            together();
        }
        left.forEach(handle -> quarantined.remove(handle.value()));
    }

    /** Does what others need not wait for; then throws the first failure of all. */
    void end() throws IOException {
        boolean doubtful = shelf.health().failing(); // a sync may have lied
        for (Blanks.Nameless file : nameless) {
            try {
                if (doubtful) {
                    disk.delete(file.name());
                } else {
                    shelf.blanks.keep(file);
                }
            } catch (IOException e) {
                shelf.note("cannot delete files of deleted chunks", e);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void forget(ChunkHandle handle) throws IOException {
        Replica replica = replicas.remove(handle.value());
        if (replica != null) {
            replica.retire();
            if (quarantined.put(handle.value(), new QuarantinedReplica(handle, "is being deleted")) == null) {
                whole.add(handle.value());
            }
            long dataBytes = replica.state().length();
            long journalBytes = replica.journalBytes();
            String data = Names.of(handle, Names.DATA);
            String journal = Names.of(handle, Names.JOURNAL);
            if (shelf.files.drop(data)) {
                unused.put(data, dataBytes);
            } else {
                shelf.met(Probe.DELETED_WHILE_READ);
            }
            boolean journalUnused = shelf.files.drop(journal);
            disk.rename(journal, Names.of(handle, Names.GARBAGE));
            if (shelf.files.drop(journal) && journalUnused) {
                unused.put(journal, journalBytes);
            }
        }
    }

    private void unlink(ChunkHandle handle) throws IOException {
        if (!whole.contains(handle.value())) {
            disk.delete(Names.of(handle, Names.CORRUPT_JOURNAL));
            disk.delete(Names.of(handle, Names.CORRUPT_DATA));
            if (coming.test(handle.value())) {
                return;
            }
            disk.delete(Names.of(handle, Names.JOURNAL));
        }
        String data = Names.of(handle, Names.DATA);
        putAside(data, data);
    }

    /** What is left is removed at the next start, if not now; data without it would look as if its journal were lost. */
    private void tidy(ChunkHandle handle) throws IOException {
        putAside(Names.of(handle, Names.GARBAGE), Names.of(handle, Names.JOURNAL));
    }

    /**
     * Takes a file's name away: nobody who comes now opens it any more. Who came before keeps it.
     *
     * @param usedAs the name that it was opened by
     */
    private void putAside(String name, String usedAs) throws IOException {
        Long bytes = unused.get(usedAs);
        if (bytes == null) {
            shelf.files.drop(name);
            disk.delete(name);
            return;
        }
        String aside = shelf.blanks.nextName();
        try {
            disk.rename(name, aside);
        } catch (NoSuchFileException e) {
            return;
        }
        if (shelf.files.drop(name)) {
            nameless.add(new Blanks.Nameless(aside, bytes));
        } else {
            disk.delete(aside);
        }
    }

    /** A step of the deletion of one replica. */
    private interface Step {
        void run(ChunkHandle handle) throws IOException;
    }

    private void each(Step step) {
        left.removeIf(handle -> {
            try {
                step.run(handle);
                return false;
            } catch (IOException e) {
                note(shelf.failure("chunk %s: cannot delete".formatted(handle), e));
                return true;
            }
        });
    }

    private void together() {
        try {
            shelf.syncNames();
        } catch (IOException e) {
            note(shelf.failure("cannot delete %d chunks".formatted(left.size()), e));
            left.clear();
            nameless.forEach(file -> FreshJournal.deleteQuietly(disk, file.name(), e)); // and at the next start
            nameless.clear();
        }
    }

    private void note(IOException failure) {
        first = first == null ? failure : first;
    }
}
