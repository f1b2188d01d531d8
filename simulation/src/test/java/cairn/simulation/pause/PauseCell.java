package cairn.simulation.pause;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.CairnFollower;
import cairn.client.CairnInput;
import cairn.client.CairnOutput;
import cairn.client.ChunkInfo;
import cairn.client.ChunkInfo.ReplicaInfo;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.simulation.SimNode;
import cairn.simulation.SimOptions;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A cell with the times of production in a calm world: producers append to one file without a break, readers read another
 * and follow the first. At a moment drawn from the seed something happens to some of the servers of the chunk that is being
 * appended to. Measured is the longest that anybody waited for one answer.
 */
final class PauseCell implements AutoCloseable {

    private static final ServerAddress MASTER = new ServerAddress("master", 7433);
    private static final int CHUNK_SERVERS = 5;
    private static final int PRODUCERS = 3;
    private static final int READERS = 3;
    private static final int OLD_BYTES = 200_000;
    private static final int RECORD_BYTES = 500;
    private static final int READ_BYTES = 1_000;
    private static final long PACE_NANOS = 40_000_000L;
    private static final Geometry SMALL = new Geometry(64 << 10, 4 << 10);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration AFTERWARDS = Duration.ofSeconds(14);

    /** What happens, and to whom: the servers of the open chunk, its primary first. */
    interface Deed {
        void happen(Simulation simulation, List<SimNode> chain);
    }

    /**
     * The longest waits.
     *
     * @param appendNanos of an append
     * @param readNanos of a read of bytes that do not change
     * @param followNanos between two arrivals at a follower
     */
    record Pauses(long appendNanos, long readNanos, long followNanos) {}

    private final Simulation simulation;
    private final SimRandom random;
    private final boolean smallChunks;
    private int registered;
    private int ready;
    private boolean happened;
    private long happenedAtNanos;
    private final Waits appends = new Waits();
    private final Waits reads = new Waits();
    private final Waits follows = new Waits();

    /** The longest time between two answers of one client, from the deed on; one that is not answered counts too. */
    private final class Waits {
        private final Map<String, Long> since = new TreeMap<>();
        private long longest;

        void begin(String who) {
            since.put(who, simulation.nowNanos());
        }

        void end(String who) {
            Long began = since.remove(who);
            if (began != null && happened) {
                longest = Math.max(longest, simulation.nowNanos() - Math.max(began, happenedAtNanos));
            }
        }

        long longest() {
            List.copyOf(since.keySet()).forEach(this::end);
            return longest;
        }
    }

    private PauseCell(long seed) {
        simulation = new Simulation(seed, SimOptions.calm());
        random = new SimRandom(seed).stream("pause");
        smallChunks = random.coin();
    }

    static Pauses run(long seed, Deed deed) {
        try (PauseCell cell = new PauseCell(seed)) {
            cell.startServers();
            cell.startClients();
            cell.simulation.node("scout").start(world -> cell.scout(world, deed));
            cell.simulation.run(LIMIT, () -> cell.happened);
            cell.simulation.runFor(AFTERWARDS);
            return new Pauses(cell.appends.longest(), cell.reads.longest(), cell.follows.longest());
        }
    }

    private void startServers() {
        simulation.node("master").start(world -> {
            MasterOptions options = MasterOptions.of("/master", MASTER);
            MasterServer.start(world, smallChunks ? options.withGeometry(SMALL) : options);
        });
        for (int i = 0; i < CHUNK_SERVERS; i++) {
            String host = "chunk" + i;
            simulation.node(host).start(world -> {
                ChunkServer server = ChunkServer.start(
                        world, ChunkServerOptions.of(List.of("/disk"), MASTER, new ServerAddress(host, 7434)));
                server.awaitRegistered(world.time().nanos() + LIMIT.toNanos());
                registered++;
            });
        }
        simulation.run(LIMIT, () -> registered == CHUNK_SERVERS);
    }

    private void startClients() {
        simulation.node("first").start(world -> {
            try (Cairn cairn = connect(world, "first");
                    CairnOutput old = cairn.create("/old", CreateOptions.DEFAULTS)) {
                old.write(new byte[OLD_BYTES]);
            }
            ready++;
        });
        simulation.run(LIMIT, () -> ready == 1);
        for (int i = 0; i < PRODUCERS; i++) {
            String host = "producer" + i;
            simulation.node(host).start(world -> produce(world, host));
        }
        simulation.run(LIMIT, () -> ready == 1 + PRODUCERS);
        simulation.node("follower").start(this::follow);
        for (int i = 0; i < READERS; i++) {
            String host = "reader" + i;
            simulation.node(host).start(world -> read(world, host));
        }
        simulation.run(LIMIT, () -> ready == 2 + PRODUCERS + READERS);
    }

    private static Cairn connect(World world, String host) throws CairnException {
        return Cairn.connect(
                List.of(MASTER), ClientOptions.DEFAULTS.withPlace(host, "").withCaller(host, "sim"), world);
    }

    private void produce(World world, String host) throws IOException {
        try (Cairn cairn = connect(world, host);
                CairnAppender appender = cairn.append("/log", AppendOptions.DEFAULTS)) {
            appender.append(ByteBuffer.allocate(RECORD_BYTES));
            ready++;
            while (true) {
                appends.begin(host);
                appender.append(ByteBuffer.allocate(RECORD_BYTES));
                appends.end(host);
                world.time().sleep(PACE_NANOS);
            }
        }
    }

    private void read(World world, String host) throws IOException {
        SimRandom where = random.stream(host);
        try (Cairn cairn = connect(world, host);
                CairnInput input = cairn.open("/old")) {
            ready++;
            while (true) {
                reads.begin(host);
                input.read(where.below(OLD_BYTES - READ_BYTES), ByteBuffer.allocate(READ_BYTES));
                reads.end(host);
                world.time().sleep(PACE_NANOS);
            }
        }
    }

    private void follow(World world) throws IOException {
        try (Cairn cairn = connect(world, "follower");
                CairnFollower follower = cairn.follow("/log", 0)) {
            follower.read(ByteBuffer.allocate(1));
            ready++;
            while (true) {
                follows.begin("follower");
                follower.read(ByteBuffer.allocate(RECORD_BYTES));
                follows.end("follower");
            }
        }
    }

    /** Waits for the moment, looks who has the open chunk, and has it happen. */
    private void scout(World world, Deed deed) throws IOException {
        try (Cairn cairn = connect(world, "scout")) {
            world.time().sleep(random.between(2_000_000_000L, 4_000_000_000L));
            List<ChunkInfo> chunks = cairn.locate("/log");
            List<SimNode> chain = new ArrayList<>();
            for (ReplicaInfo replica : chunks.get(chunks.size() - 1).replicas()) {
                chain.add(simulation.node(replica.address().host()));
            }
            simulation.at(Duration.ZERO, () -> {
                happenedAtNanos = simulation.nowNanos();
                deed.happen(simulation, chain);
                happened = true;
            });
        }
    }

    @Override
    public void close() {
        simulation.close();
    }
}
