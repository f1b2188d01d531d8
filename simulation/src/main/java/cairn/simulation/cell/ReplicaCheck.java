package cairn.simulation.cell;

import cairn.chunk.BlockSums;
import cairn.chunk.ReplicaState;
import cairn.client.Cairn;
import cairn.client.ChunkInfo;
import cairn.client.FileInfo;
import cairn.model.CairnException;
import cairn.simulation.SimNode;
import cairn.simulation.Simulation;
import cairn.simulation.check.Violation;
import cairn.store.ChunkStore;
import cairn.store.Replica;
import cairn.store.StoreOptions;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges what lies on the disks when all is over (P1, P2): every chunk of every file has a replica established at the
 * chunk's version, and all of those hold the same bytes. Asks the master first and then opens every chunk store, as a
 * chunkserver would.
 *
 * <p>Not judged here: that never two primaries acknowledge in overlapping versions. What that would break shows in the
 * histories.
 */
final class ReplicaCheck {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Simulation simulation;
    private final CellPlan plan;
    private final Survivors survivors;
    private final Map<String, ChunkInfo> wanted = new LinkedHashMap<>();
    private final Map<Long, List<OnDisk>> found = new TreeMap<>();
    private int opened;
    private int compared;

    /** A replica as its store shows it. */
    private record OnDisk(SimNode host, ReplicaState state, BlockSums sums) {}

    ReplicaCheck(Simulation simulation, CellPlan plan, Survivors survivors) {
        this.simulation = simulation;
        this.plan = plan;
        this.survivors = survivors;
    }

    /** Asks the master for the chunks of all files below the root. */
    void askMaster(Cairn cairn) throws IOException {
        ask(cairn, "");
    }

    private void ask(Cairn cairn, String directory) throws IOException {
        List<FileInfo> entries = new ArrayList<>();
        cairn.list(directory.isEmpty() ? "/" : directory).forEach(entries::add);
        for (FileInfo entry : entries) {
            String path = directory + "/" + entry.name();
            if (entry.directory()) {
                ask(cairn, path);
            } else {
                for (ChunkInfo chunk : cairn.locate(path)) {
                    wanted.put(path + " chunk " + chunk.index(), chunk);
                }
            }
        }
    }

    /** Opens the stores; all chunkservers must have stopped. */
    void run(List<SimNode> hosts) {
        for (SimNode host : hosts) {
            host.start(world -> open(world, host));
        }
        simulation.run(LIMIT, () -> opened == hosts.size());
        wanted.forEach(this::compare);
    }

    private void open(World world, SimNode host) throws IOException {
        for (int disk = 0; disk < plan.disks(); disk++) {
            try (ChunkStore store = ChunkStore.open(world.disks().open("/disk" + disk), StoreOptions.STANDARD)) {
                for (Replica replica : store.replicas()) {
                    found.computeIfAbsent(replica.handle().value(), h -> new ArrayList<>())
                            .add(new OnDisk(host, replica.state(), replica.blockSums()));
                }
            }
        }
        opened++;
    }

    private void compare(String name, ChunkInfo chunk) {
        List<OnDisk> all = found.getOrDefault(chunk.handle().value(), List.of()).stream()
                .filter(each -> !survivors.isDamaged(each.host, chunk.handle().value())) // found out when it is read
                .toList();
        long newest = all.stream()
                .filter(each -> !each.state.suspect())
                .mapToLong(each -> each.state.established().value())
                .max()
                .orElse(0);
        Violation.unless(newest >= chunk.version().value(), "%s has no good replica of %s: %s", name, chunk, all);
        List<OnDisk> good = all.stream()
                .filter(each -> each.state.established().value() == newest && !each.state.suspect())
                .toList();
        OnDisk first = good.getFirst();
        for (OnDisk other : good) {
            Violation.unless(
                    other.sums.equals(first.sums) && other.state.length() == first.state.length(),
                    "%s differs: %s and %s",
                    name,
                    first,
                    other);
        }
        Violation.unless(
                !chunk.sealed() || chunk.length() == first.state.length(),
                "%s is sealed at %d, and on disk %s",
                name,
                chunk.length(),
                first);
        compared += good.size();
    }

    int compared() {
        return compared;
    }

    /** Whether the master can be asked: everything is up, and it has heard of every chunkserver again. */
    static boolean isCalm(Cairn cairn, int servers) throws IOException {
        try {
            return cairn.report().servers().stream()
                            .filter(server -> server.state().equals("live"))
                            .count()
                    == servers;
        } catch (CairnException e) {
            return false;
        }
    }
}
