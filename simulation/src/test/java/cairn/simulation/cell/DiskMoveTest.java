package cairn.simulation.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.CairnOutput;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.chunk.Upkeep;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.simulation.SimDisk;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.Simulation;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A chunkserver that gets a second disk moves replicas to it, slowly; meanwhile they are dropped, or the new disk fails. */
class DiskMoveTest {
    private static final ServerAddress MASTER = new ServerAddress("master", 7433);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Geometry SMALL = new Geometry(64 << 10, 4 << 10);
    private static final int FILES = 8;
    private static final int BYTES = 60_000;
    private static final long SLOWLY = 10_000; // bytes a second: a replica takes seconds

    /** What happens while the first replica is being moved. */
    private interface Deed {
        void happen(SimNode server, Cairn cairn) throws IOException;
    }

    private final Simulation simulation = new Simulation(1, SimOptions.calm());
    private int registered;
    private int clients;
    private boolean done;
    private int left = FILES;

    private void startServer(SimNode server, List<String> disks) {
        Upkeep upkeep = Upkeep.DEFAULT.withUnevenDisksMax(0).withCopyRate(SLOWLY);
        server.start(world -> {
            ChunkServer started = ChunkServer.start(
                    world,
                    ChunkServerOptions.of(disks, MASTER, new ServerAddress("server", 7434))
                            .withUpkeep(upkeep));
            started.awaitRegistered(world.time().nanos() + LIMIT.toNanos());
            registered++;
        });
        int before = registered;
        simulation.run(LIMIT, () -> registered > before);
    }

    private void client(Deed deed, SimNode server) {
        done = false;
        simulation.node("client" + clients++).start(world -> {
            try (Cairn cairn = connect(world)) {
                deed.happen(server, cairn);
            }
            done = true;
        });
        simulation.run(LIMIT, () -> done);
    }

    private static Cairn connect(World world) throws IOException {
        return Cairn.connect(List.of(MASTER), ClientOptions.DEFAULTS, world);
    }

    private void run(Deed meanwhile, Probe expected) {
        try (simulation) {
            SimNode server = simulation.node("server");
            begin(server);
            simulation.run(LIMIT, () -> simulation.probes().of(Probe.REPLICA_MOVED_TO_OTHER_DISK) > 0);
            simulation.runFor(Duration.ofSeconds(1)); // the next one waits for its turn
            client(meanwhile, server);
            simulation.run(LIMIT, () -> simulation.probes().of(expected) > 0);
            server.crash();
            server.disks().values().forEach(SimDisk::mend);
            startServer(server, List.of("/disk0", "/disk1"));
            client((host, cairn) -> readAll(cairn), server);
        }
    }

    private void begin(SimNode server) {
        simulation
                .node("master")
                .start(world -> MasterServer.start(
                        world,
                        MasterOptions.of("/master", MASTER).withGeometry(SMALL).withReplication(1)));
        startServer(server, List.of("/disk0"));
        client(
                (host, cairn) -> {
                    for (int i = 0; i < FILES; i++) {
                        try (CairnOutput output = cairn.create("/" + i, CreateOptions.DEFAULTS)) {
                            output.write(new byte[BYTES]);
                        }
                    }
                },
                server);
        server.crash();
        startServer(server, List.of("/disk0", "/disk1"));
    }

    @Test
    void a_crash_amid_a_move_leaves_two_replicas_of_which_one_is_dropped() {
        try (simulation) {
            SimNode server = simulation.node("server");
            begin(server);
            simulation.run(LIMIT, () -> isOnBoth(server));
            server.crash();
            startServer(server, List.of("/disk0", "/disk1"));
            assertEquals(1, simulation.probes().of(Probe.CHUNK_ON_TWO_DISKS));
            simulation.run(LIMIT, () -> simulation.probes().of(Probe.SPARE_REPLICA_DROPPED) > 0);
            client((host, cairn) -> readAll(cairn), server);
        }
    }

    private static boolean isOnBoth(SimNode server) {
        List<String> there = server.disk("/disk1").names("chunks");
        return server.disk("/disk0").names("chunks").stream()
                .anyMatch(name -> name.endsWith(".journal") && there.contains(name));
    }

    private void readAll(Cairn cairn) throws IOException {
        int read = 0;
        for (int i = 0; i < FILES; i++) {
            if (cairn.exists("/" + i)) {
                try (CairnInput input = cairn.open("/" + i)) {
                    assertEquals(BYTES, input.asStream().readAllBytes().length);
                }
                read++;
            }
        }
        assertEquals(left, read);
    }

    @Test
    void a_replica_that_is_dropped_while_it_is_moved_is_overtaken_and_the_others_are_there() {
        left = FILES / 2;
        run(
                (server, cairn) -> {
                    for (int i = 0; i < FILES - left; i++) {
                        cairn.delete("/" + i, false, true);
                    }
                },
                Probe.DISK_MOVE_OVERTAKEN);
    }

    @Test
    void a_replica_stays_where_it_was_when_the_disk_fails_to_which_it_is_moved() {
        run((server, cairn) -> server.disk("/disk1").failAtRate(1), Probe.DISK_MOVE_FAILED);
    }
}
