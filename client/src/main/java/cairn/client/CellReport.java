package cairn.client;

import cairn.model.ServerAddress;
import cairn.model.ServerId;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The health of the cell as the master sees it.
 *
 * @param chunksMissing chunks of which no good copy is there now, damaged ones included
 * @param wallMillis the master's clock when it made this
 * @param software the master's
 * @param health chunks in each class, see {@link CheckSummary}; empty when the master is too old to say
 * @param chunksSingle chunks with one good copy that should have more
 * @param limits that can be changed while the cell runs; empty when the master is too old to say
 * @param counts what has happened since the master started, by name
 */
public record CellReport(
        long cellId,
        long files,
        long directories,
        long chunks,
        long chunksMissing,
        long chunksUnderReplicated,
        long chunksOverReplicated,
        long chunksOpen,
        long logIndex,
        long checkpointIndex,
        long uptimeMillis,
        long wallMillis,
        String software,
        SortedMap<String, Long> health,
        long chunksSingle,
        SortedMap<String, Long> counts,
        List<ServerHealth> servers,
        Movement movement,
        TrashHealth trash,
        QuotaHealth quotas,
        List<CellLimit> limits) {

    public CellReport {
        servers = List.copyOf(servers);
        limits = List.copyOf(limits);
        health = Collections.unmodifiableSortedMap(new TreeMap<>(health));
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** Chunks in a class of health. */
    public long chunks(String ofHealth) {
        Long found = health.get(ofHealth);
        return found == null ? 0 : found;
    }

    /** Bytes on all disks: total, usable, and used by replicas. What several directories on one file system share counts once. */
    public DiskHealth space() {
        return sum(servers.stream().flatMap(server -> server.disks().stream()).toList());
    }

    private static DiskHealth sum(List<DiskHealth> disks) {
        long total = 0;
        long usable = 0;
        long used = 0;
        int replicas = 0;
        NavigableSet<String> counted = new TreeSet<>();
        for (DiskHealth disk : disks) {
            if (disk.fileSystem().isEmpty() || counted.add(disk.fileSystem())) {
                total += disk.totalBytes();
                usable += disk.usableBytes();
            }
            used += disk.usedBytes();
            replicas += disk.replicas();
        }
        return new DiskHealth("", total, usable, used, replicas, "", "", "");
    }

    /** What the trash holds, and what of it has expired and is being reclaimed. */
    public record TrashHealth(long entries, long files, long bytes, long expiredFiles, long expiredBytes) {}

    /** Directories that have a quota, and those of them that have no room for another byte or file. */
    public record QuotaHealth(long directories, long full) {}

    /**
     * Replicas that are made or moved now.
     *
     * @param missingLast chunks of which one replica is left, and more are wanted
     * @param missing chunks with more than one replica and fewer than wanted
     * @param leaving chunks with a replica on a drained server that others do not make up for yet
     * @param narrow chunks whose replicas are all on one rack, while there are others
     * @param queued chunks that wait for a copy to begin
     * @param copying copies under way
     * @param copied copies made since the master started
     * @param bytesPerSecond lately
     * @param balancing replicas are moved from full servers to emptier ones
     * @param remarks what cannot be as it should with the servers that there are
     */
    public record Movement(
            long missingLast,
            long missing,
            long leaving,
            long narrow,
            long queued,
            int copying,
            int copyingMax,
            long copied,
            long copiedBytes,
            long copiesFailed,
            long bytesPerSecond,
            boolean balancing,
            List<String> remarks) {

        public Movement {
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * One chunkserver. {@code state} is {@code live}, {@code silent} or {@code dead}.
     *
     * @param draining its replicas are moved elsewhere
     * @param heardMillisAgo -1: not since the master started, so that nothing is known of what it holds
     * @param blocked why not all of them can be moved now; empty: nothing is in the way
     * @param leftBytes in the replicas that it still has, while it is drained
     * @param clockAheadMillis its clock against the master's, as far as heartbeats show; meaningless unless {@code clockKnown}
     * @param orphans replicas that it holds of chunks that the cell never made
     * @param damaged replicas that it cannot serve and keeps, because nobody has a better one
     */
    public record ServerHealth(
            ServerId id,
            ServerAddress address,
            String rack,
            String state,
            long heardMillisAgo,
            long replicas,
            String software,
            boolean draining,
            String blocked,
            long leftBytes,
            long clockAheadMillis,
            boolean clockKnown,
            long orphans,
            long damaged,
            List<DiskHealth> disks) {

        public ServerHealth {
            disks = List.copyOf(disks);
        }

        /** As {@link CellReport#space}, of this server. */
        public DiskHealth space() {
            return sum(disks);
        }
    }

    /**
     * One disk. {@code state} is {@code ok}, {@code full} or {@code failing}; {@code detail} says why.
     *
     * @param fileSystem directories with the same one, of whatever servers, share its space; empty when nobody can tell
     */
    public record DiskHealth(
            String path,
            long totalBytes,
            long usableBytes,
            long usedBytes,
            int replicas,
            String state,
            String detail,
            String fileSystem) {}
}
