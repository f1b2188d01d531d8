package cairn.attack.judge;

import cairn.chunk.BlockSums;
import cairn.chunk.ReplicaState;
import cairn.simulation.check.Violation;
import cairn.store.ChunkStore;
import cairn.store.Replica;
import cairn.store.StoreOptions;
import cairn.world.Disks;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges what lies on the disks when all servers have stopped (P1, P2): every chunk has a replica that was established at the
 * newest version, and all of those hold the same bytes. Opens the stores as a chunkserver would.
 */
public final class ReplicasOnDisk {

    private final Map<Long, List<OnDisk>> found = new TreeMap<>();
    private int compared;

    private record OnDisk(String server, ReplicaState state, BlockSums sums) {}

    /** Reads one chunkserver's directory. */
    public void add(String server, Path directory) throws IOException {
        Disks disks = RealWorld.create().disks();
        try (ChunkStore store = ChunkStore.open(disks.open(directory.toString()), StoreOptions.STANDARD)) {
            for (Replica replica : store.replicas()) {
                found.computeIfAbsent(replica.handle().value(), each -> new ArrayList<>())
                        .add(new OnDisk(server, replica.state(), replica.blockSums()));
            }
        }
    }

    /** Compares the replicas of every chunk of {@code handles}: those that belong to files. */
    public void compare(List<Long> handles) {
        for (long handle : handles) {
            List<OnDisk> all = found.getOrDefault(handle, List.of());
            long newest = all.stream()
                    .filter(each -> !each.state.suspect())
                    .mapToLong(each -> each.state.established().value())
                    .max()
                    .orElse(0);
            List<OnDisk> good = all.stream()
                    .filter(each -> each.state.established().value() == newest && !each.state.suspect())
                    .toList();
            Violation.unless(!good.isEmpty(), "chunk %016x has no good replica on any disk: %s", handle, all);
            for (OnDisk other : good) {
                OnDisk first = good.getFirst();
                Violation.unless(
                        other.sums.equals(first.sums) && other.state.length() == first.state.length(),
                        "chunk %016x differs: %s and %s",
                        handle,
                        first,
                        other);
            }
            compared += good.size();
        }
    }

    public int compared() {
        return compared;
    }
}
