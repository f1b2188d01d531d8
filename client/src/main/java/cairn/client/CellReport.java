package cairn.client;

import cairn.model.ServerAddress;
import cairn.model.ServerId;
import java.util.List;

/** The health of the cell as the master sees it. */
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
        List<ServerHealth> servers) {

    public CellReport {
        servers = List.copyOf(servers);
    }

    /** Bytes on all disks of live servers: total, usable, and used by replicas. */
    public DiskHealth space() {
        long total = 0;
        long usable = 0;
        long used = 0;
        int replicas = 0;
        for (ServerHealth server : servers) {
            for (DiskHealth disk : server.disks()) {
                total += disk.totalBytes();
                usable += disk.usableBytes();
                used += disk.usedBytes();
                replicas += disk.replicas();
            }
        }
        return new DiskHealth("", total, usable, used, replicas, "", "");
    }

    /** One chunkserver. {@code state} is {@code live}, {@code silent} or {@code dead}. */
    public record ServerHealth(
            ServerId id,
            ServerAddress address,
            String rack,
            String state,
            long heardMillisAgo,
            long replicas,
            String software,
            List<DiskHealth> disks) {

        public ServerHealth {
            disks = List.copyOf(disks);
        }
    }

    /** One disk. {@code state} is {@code ok}, {@code full} or {@code failing}; {@code detail} says why. */
    public record DiskHealth(
            String path,
            long totalBytes,
            long usableBytes,
            long usedBytes,
            int replicas,
            String state,
            String detail) {}
}
