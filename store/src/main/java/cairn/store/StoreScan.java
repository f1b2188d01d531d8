package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.model.ChunkHandle;
import cairn.model.proof.Probe;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is on the disk at a start: loads every replica, ends what a crash interrupted, puts aside what is damaged. One
 * bad
 * replica never stops the others. Reads journals only, except where something must be proven. One thread.
 */
final class StoreScan {
    private final Shelf shelf;
    private final Disk disk;
    private final ReplicaLoader loader;
    private final DirtyWatch watch;
    private final NavigableMap<Long, Replica> replicas;
    private final NavigableMap<Long, QuarantinedReplica> quarantined;

    StoreScan(
            Shelf shelf,
            ReplicaLoader loader,
            DirtyWatch watch,
            NavigableMap<Long, Replica> replicas,
            NavigableMap<Long, QuarantinedReplica> quarantined) {
        this.shelf = shelf;
        this.disk = shelf.disk;
        this.loader = loader;
        this.watch = watch;
        this.replicas = replicas;
        this.quarantined = quarantined;
    }

    void run() throws IOException {
        if (!loader.isClean()) {
            shelf.syncNames(); // names that a killed process gave: what follows relies on them
        }
        removeBlanks();
        for (Map.Entry<Long, NavigableSet<String>> each : suffixesByHandle().entrySet()) {
            ChunkHandle handle = new ChunkHandle(each.getKey());
            NavigableSet<String> suffixes = each.getValue();
            removeLeftovers(handle, suffixes);
            if (isHalfPutAside(suffixes)) {
                shelf.met(Probe.PUTTING_ASIDE_UNFINISHED);
                disk.rename(Names.of(handle, Names.JOURNAL), Names.of(handle, Names.CORRUPT_JOURNAL));
                suffixes.remove(Names.JOURNAL);
                suffixes.add(Names.CORRUPT_JOURNAL);
            }
            if (suffixes.contains(Names.JOURNAL) || suffixes.contains(Names.DATA)) {
                take(handle, suffixes);
            }
            if (suffixes.contains(Names.CORRUPT_JOURNAL) || suffixes.contains(Names.CORRUPT_DATA)) {
                shelf.met(Probe.REPLICA_PUT_ASIDE_BEFORE);
                quarantined.putIfAbsent(
                        handle.value(), new QuarantinedReplica(handle, "put aside by an earlier start"));
            }
        }
        disk.syncDirectory(Names.CHUNKS);
    }

    private void removeBlanks() throws IOException {
        for (String name : disk.list(Names.CHUNKS)) {
            if (Names.isReplicaFile(name) && Names.suffix(name).equals(Names.BLANK)) {
                disk.delete(Names.CHUNKS + "/" + name);
            }
        }
    }

    private NavigableMap<Long, NavigableSet<String>> suffixesByHandle() throws IOException {
        NavigableMap<Long, NavigableSet<String>> suffixes = new TreeMap<>(Long::compareUnsigned);
        for (String name : disk.list(Names.CHUNKS)) {
            if (Names.isReplicaFile(name)) {
                suffixes.computeIfAbsent(Names.handle(name).value(), key -> new TreeSet<>())
                        .add(Names.suffix(name));
            }
        }
        return suffixes;
    }

    /** Half of a creation, import, compaction or deletion: nobody was told that it was done. */
    private void removeLeftovers(ChunkHandle handle, NavigableSet<String> suffixes) throws IOException {
        boolean imported = suffixes.contains(Names.IMPORT_DATA) || suffixes.contains(Names.IMPORT_JOURNAL);
        boolean halfImported = imported && !(suffixes.contains(Names.DATA) && suffixes.contains(Names.JOURNAL));
        boolean halfDeleted = suffixes.contains(Names.GARBAGE) && !suffixes.contains(Names.JOURNAL);
        List<String> leftovers = new ArrayList<>();
        boolean halfCreated = isHalfCreated(handle, suffixes);
        metIf(halfImported, Probe.IMPORT_UNFINISHED);
        metIf(halfDeleted, Probe.DELETION_UNFINISHED);
        metIf(!halfImported && !halfDeleted && halfCreated, Probe.CREATION_UNFINISHED);
        metIf(suffixes.contains(Names.JOURNAL_NEW), Probe.COMPACTION_UNFINISHED);
        if (halfImported || halfDeleted || halfCreated) {
            leftovers.add(Names.JOURNAL);
            leftovers.add(Names.DATA);
        }
        leftovers.addAll(List.of(Names.JOURNAL_NEW, Names.IMPORT_JOURNAL, Names.IMPORT_DATA, Names.GARBAGE));
        for (String suffix : leftovers) {
            if (suffixes.remove(suffix)) {
                if (halfDeleted && suffix.equals(Names.GARBAGE)) {
                    disk.syncDirectory(Names.CHUNKS); // it says what its data is; that goes first
                }
                disk.delete(Names.of(handle, suffix));
            }
        }
    }

    /** The data is put aside first: its journal, left behind, would be an empty replica, and the bytes nobody's. */
    private static boolean isHalfPutAside(NavigableSet<String> suffixes) {
        return suffixes.contains(Names.JOURNAL)
                && !suffixes.contains(Names.DATA)
                && suffixes.contains(Names.CORRUPT_DATA);
    }

    private void metIf(boolean so, Probe probe) {
        if (so) {
            shelf.met(probe);
        }
    }

    /** No data, and no journal (or a short one, of builds that named it before they wrote it); none where one without its data is aside. */
    private boolean isHalfCreated(ChunkHandle handle, NavigableSet<String> suffixes) throws IOException {
        boolean halfTakenBack = suffixes.contains(Names.CORRUPT_JOURNAL) && !suffixes.contains(Names.CORRUPT_DATA);
        return (suffixes.contains(Names.JOURNAL) || !halfTakenBack)
                && isEmpty(handle, suffixes, Names.DATA, 1)
                && isEmpty(handle, suffixes, Names.JOURNAL, JournalFormat.HEADER_BYTES);
    }

    private boolean isEmpty(ChunkHandle handle, NavigableSet<String> suffixes, String suffix, long bytesNeeded)
            throws IOException {
        if (!suffixes.contains(suffix)) {
            return true;
        }
        try (DiskFile file = disk.open(Names.of(handle, suffix))) {
            return file.bytes() < bytesNeeded;
        }
    }

    private void take(ChunkHandle handle, NavigableSet<String> suffixes) throws IOException {
        try {
            if (!suffixes.contains(Names.JOURNAL)) {
                throw new MalformedRecord("it is missing");
            }
            ReplicaLoader.Loaded loaded = loader.load(handle);
            if (!suffixes.contains(Names.DATA)) {
                requireData(handle, loaded.content());
            }
            replicas.put(handle.value(), new Replica(shelf, handle, loaded, 0, watch));
        } catch (MalformedRecord e) {
            shelf.met(Probe.REPLICA_DAMAGED);
            quarantine(handle, suffixes, e);
        } catch (IOException e) {
            shelf.met(Probe.REPLICA_UNREADABLE);
            shelf.note("chunk %s: cannot load".formatted(handle), e);
            quarantined.put(handle.value(), new QuarantinedReplica(handle, String.valueOf(e.getMessage())));
        }
    }

    /** The loader has not looked where there was nothing to prove. */
    private void requireData(ChunkHandle handle, Content content) throws IOException, MalformedRecord {
        String name = Names.of(handle, Names.DATA);
        if (!disk.exists(name)) {
            if (content.length > 0) {
                throw new MalformedRecord("the data file is missing");
            }
            shelf.met(Probe.DATA_FILE_MISSING);
            disk.create(name).close();
        }
    }

    private void quarantine(ChunkHandle handle, NavigableSet<String> suffixes, MalformedRecord reason)
            throws IOException {
        String journal = disk.describe(Names.of(handle, Names.JOURNAL));
        if (suffixes.contains(Names.JOURNAL)) {
            new Aside(shelf).put(handle);
        } else if (suffixes.contains(Names.CORRUPT_DATA)) {
            disk.delete(Names.of(handle, Names.DATA)); // without its journal it is garbage; what is aside may be well
        } else {
            disk.rename(Names.of(handle, Names.DATA), Names.of(handle, Names.CORRUPT_DATA));
        }
        quarantined.put(
                handle.value(), new QuarantinedReplica(handle, "%s: %s".formatted(journal, reason.getMessage())));
    }
}
