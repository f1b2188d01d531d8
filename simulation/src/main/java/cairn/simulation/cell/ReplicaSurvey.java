package cairn.simulation.cell;

import cairn.chunk.ReplicaState;
import cairn.client.Cairn;
import cairn.client.ChunkCheck;
import cairn.client.ChunkInfo;
import cairn.client.FileInfo;
import cairn.simulation.SimNode;
import cairn.simulation.Simulation;
import cairn.simulation.check.ChecksumCheck;
import cairn.simulation.check.ReplicaCheck;
import cairn.simulation.check.SurvivalCheck;
import cairn.simulation.check.Violation;
import cairn.store.ChunkStore;
import cairn.store.CorruptReplica;
import cairn.store.Replica;
import cairn.store.StoreOptions;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds out what lies on the disks when all is over, for {@link ReplicaCheck}, {@link SurvivalCheck} and {@link
 * ChecksumCheck} to judge: asks the master for the chunks of every file, then opens every chunk store, as a chunkserver
 * would, and reads every replica.
 */
final class ReplicaSurvey {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TRASH = "/.trash/";

    private final Simulation simulation;
    private final CellPlan plan;
    private final Survivors survivors;
    private final SurvivalCheck survival;
    private final ChecksumCheck checksums;
    private final HealthCheck health;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();
    private final Map<Long, List<ReplicaCheck.Replica>> found = new TreeMap<>();
    private int hosts;
    private int opened;
    private int compared;

    /** A chunk, and how many copies its file is to have. */
    private record Wanted(ChunkInfo chunk, int goal) {}

    /** Who judges what is found. */
    record Judges(SurvivalCheck survival, ChecksumCheck checksums, HealthCheck health) {}

    ReplicaSurvey(Simulation simulation, CellPlan plan, Survivors survivors, Judges judges) {
        this.simulation = simulation;
        this.plan = plan;
        this.survivors = survivors;
        this.survival = judges.survival();
        this.checksums = judges.checksums();
        this.health = judges.health();
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
                    wanted.put(path + " chunk " + chunk.index(), new Wanted(chunk, entry.replication()));
                }
            }
        }
    }

    /** Opens the stores; all chunkservers must have stopped. */
    void run(List<SimNode> chunkHosts) {
        hosts = chunkHosts.size();
        for (SimNode host : chunkHosts) {
            host.start(world -> open(world, host));
        }
        simulation.run(LIMIT, () -> opened == chunkHosts.size());
        wanted.forEach(this::compare);
        health.chunks().forEach(this::compareWithWhatWasSaid);
        found.forEach((handle, all) ->
                Violation.unless(health.knows(handle), "garbage is left of chunk %016x: %s", handle, all));
    }

    /** A check that said "healthy" is not believed: the copies are counted on the disks, those of deleted files too. */
    private void compareWithWhatWasSaid(ChunkCheck said) {
        long handle = said.handle().value();
        if (said.path().startsWith(TRASH) && !survivors.isInLog(handle)) {
            return; // its time in the trash was over between the check and the end
        }
        long good = found.getOrDefault(handle, List.of()).stream()
                .filter(each -> each.established() >= said.version().value()
                        && !each.suspect()
                        && !survivors.isDamaged(simulation.node(each.where()), handle))
                .count();
        long doubtful = simulation.nodes().stream()
                .filter(node -> survivors.isDamaged(node, handle))
                .count();
        Violation.unless(
                good + doubtful >= said.goal(),
                "%s is said to be healthy, and on the disks there are %d of %d copies: %s",
                said,
                good,
                said.goal(),
                found.getOrDefault(handle, List.of()));
    }

    private void open(World world, SimNode host) throws IOException {
        for (int disk = 0; disk < plan.disks(); disk++) {
            try (ChunkStore store = ChunkStore.open(world.disks().open("/disk" + disk), StoreOptions.STANDARD)) {
                for (Replica replica : store.replicas()) {
                    take(replica.handle().value(), look(host, replica));
                }
            }
        }
        opened++;
    }

    /** A crash during a move leaves a replica on two disks of its server: they count as one, that with the newer content. */
    private void take(long handle, ReplicaCheck.Replica replica) {
        List<ReplicaCheck.Replica> all = found.computeIfAbsent(handle, h -> new ArrayList<>());
        boolean newer = all.stream()
                .noneMatch(
                        other -> other.where().equals(replica.where()) && other.established() >= replica.established());
        if (newer) {
            all.removeIf(other -> other.where().equals(replica.where()));
            all.add(replica);
        }
    }

    private static ReplicaCheck.Replica look(SimNode host, Replica replica) throws IOException {
        ReplicaState state = replica.state();
        return new ReplicaCheck.Replica(
                host.name(),
                state.established().value(),
                state.serial(),
                state.length(),
                state.suspect(),
                replica.blockSums(),
                replica.producers(),
                damage(replica));
    }

    private static String damage(Replica replica) throws IOException {
        int length = Math.toIntExact(replica.state().length());
        try {
            replica.read(0, length, ByteBuffer.allocate(length));
            return "";
        } catch (CorruptReplica e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void compare(String name, Wanted each) {
        ChunkInfo chunk = each.chunk;
        long handle = chunk.handle().value();
        int goal = Math.min(each.goal, hosts);
        int doubtful = (int) simulation.nodes().stream()
                .filter(node ->
                        survivors.isDamaged(node, handle)) // a journal is read at a start, and that may be this one
                .count();
        List<ReplicaCheck.Replica> good = ReplicaCheck.judge(
                new ReplicaCheck.Chunk(name, chunk.version().value(), chunk.sealed(), chunk.length(), goal - doubtful),
                found.getOrDefault(handle, List.of()).stream()
                        .filter(replica -> !survivors.isDamaged(simulation.node(replica.where()), handle))
                        .toList());
        good.forEach(replica -> {
            survival.judge(chunk.handle(), replica.where(), replica.serial());
            checksums.judge(chunk.handle(), replica.where(), replica.damage());
        });
        compared += good.size();
    }

    int compared() {
        return compared;
    }
}
