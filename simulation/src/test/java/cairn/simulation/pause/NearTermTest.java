package cairn.simulation.pause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.CairnOutput;
import cairn.client.CairnWriter;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.ServerAddress;
import cairn.model.proof.Rule;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.Simulation;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A chunkserver is cut off from all but a reader on its host, and its chunk is overwritten without it: what the server would not
 * give out any more, its file must not.
 */
class NearTermTest {
    private static final ServerAddress MASTER = new ServerAddress("master", 7433);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int SERVERS = 4;
    private static final int READS = 4;
    private static final byte OLD = 1;
    private static final byte NEW = 2;

    private final Simulation simulation = new Simulation(1, SimOptions.calm());
    private int steps;
    private byte seen;
    private String holder = "";

    @Test
    void a_reader_of_a_file_sees_what_was_written_without_its_server() {
        assertEquals(NEW, seenAfterwards(Set.of()));
    }

    @Test
    void only_the_term_in_the_shared_words_tells_it_so() {
        assertEquals(OLD, seenAfterwards(Set.of(Rule.PERMIT_TERM)));
    }

    private byte seenAfterwards(Set<Rule> broken) {
        try (simulation) {
            startServers();
            client("writer", Set.of(), (cairn, world) -> {
                try (CairnOutput output = cairn.create("/f", CreateOptions.DEFAULTS)) {
                    output.write(new byte[] {OLD});
                }
                holder = cairn.locate("/f")
                        .getFirst()
                        .replicas()
                        .getLast()
                        .address()
                        .host();
            });
            SimNode host = simulation.node(holder);
            SimNode guest = simulation.guest("guest", host);
            guest.start(world -> read(world, broken));
            simulation.run(LIMIT, () -> steps == SERVERS + 2);
            List<SimNode> others = new ArrayList<>(simulation.nodes());
            others.removeAll(List.of(host, guest));
            simulation.partition(List.of(host), others);
            client("overwriter", Set.of(), (cairn, world) -> {
                try (CairnWriter writer = cairn.openForWrite("/f")) {
                    writer.write(0, ByteBuffer.wrap(new byte[] {NEW}));
                }
            });
            simulation.run(LIMIT, () -> steps == SERVERS + 4);
            return seen;
        }
    }

    private void startServers() {
        simulation.node("master").start(world -> MasterServer.start(world, MasterOptions.of("/master", MASTER)));
        for (int i = 0; i < SERVERS; i++) {
            String host = "chunk" + i;
            simulation.node(host).start(world -> {
                ChunkServer server = ChunkServer.start(
                        world, ChunkServerOptions.of(List.of("/disk"), MASTER, new ServerAddress(host, 7434)));
                server.awaitRegistered(world.time().nanos() + LIMIT.toNanos());
                steps++;
            });
        }
        simulation.run(LIMIT, () -> steps == SERVERS);
    }

    /** What a client does; when it is through, the next step begins. */
    private interface Body {
        void run(Cairn cairn, World world) throws IOException;
    }

    private void client(String name, Set<Rule> broken, Body body) {
        int next = steps + 1;
        simulation.node(name).start(world -> {
            try (Cairn cairn = connect(world, broken)) {
                body.run(cairn, world);
            }
            steps++;
        });
        simulation.run(LIMIT, () -> steps == next);
    }

    private static Cairn connect(World world, Set<Rule> broken) throws IOException {
        return Cairn.connect(List.of(MASTER), ClientOptions.DEFAULTS.breaking(broken), world);
    }

    /** Reads once before and once after the overwriting, through one input. */
    private void read(World world, Set<Rule> broken) throws IOException {
        try (Cairn cairn = connect(world, broken);
                CairnInput input = cairn.open("/f")) {
            ByteBuffer into = ByteBuffer.allocate(1);
            for (int reads = 0; reads < READS; reads++) { // of a small file, only what is read again
                input.read(0, into.clear());
            }
            assertTrue(cairn.readCounts().nearReads() > 0, "it was read from the file");
            assertEquals(OLD, into.get(0));
            int before = ++steps;
            while (steps == before) {
                world.time().sleep(1_000_000);
            }
            input.read(0, into.clear());
            seen = into.get(0);
        }
        steps++;
    }
}
