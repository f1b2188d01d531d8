package cairn.attack.ground;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A master and chunkservers, each a process of its own. One thread at a time. */
public final class Cell {

    private static final int MASTER_PORT = 7433;
    private static final int CHUNKSERVER_PORT = 7434;
    private static final Duration STOP = Duration.ofSeconds(25);
    private static final Duration KNOWN = Duration.ofSeconds(60);

    /**
     * How a cell is made.
     *
     * @param chunkservers how many
     * @param copies of each file
     * @param geometry as {@code cairn master --geometry} takes it; small chunks make chunks roll all the time
     * @param masterOptions further words of the master's command line
     */
    public record Plan(int chunkservers, int copies, String geometry, List<String> masterOptions) {

        public Plan(int chunkservers, int copies, String geometry) {
            this(chunkservers, copies, geometry, List.of());
        }

        /** Chunks of a mebibyte: a producer or two fill one in seconds. */
        public static Plan small(int chunkservers) {
            return new Plan(chunkservers, 3, "1048576,16384");
        }
    }

    private final Ground ground;
    private final Hosts hosts;
    private final Server master;
    private final List<Server> chunkservers = new ArrayList<>();
    private final Agent agent;

    private Cell(Ground ground, Hosts hosts, Server master, Agent agent) {
        this.ground = ground;
        this.hosts = hosts;
        this.master = master;
        this.agent = agent;
    }

    /** Starts a cell on loopback. */
    public static Cell start(Ground ground, Plan plan) throws IOException {
        return start(ground, plan, Hosts.LOOPBACK, Directories.plain(ground));
    }

    /** Starts a cell; returns when the master knows all chunkservers. */
    public static Cell start(Ground ground, Plan plan, Hosts hosts, Directories directories) throws IOException {
        Host first = hosts.make("master");
        List<String> words = new ArrayList<>(
                List.of("master", "--geometry", plan.geometry, "--replication", Integer.toString(plan.copies)));
        words.addAll(plan.masterOptions);
        Server master = new Server(ground, first, directories.of("master"), port(first, MASTER_PORT), words);
        master.start();
        Agent agent = Agent.start(ground, hosts.make("judge"), master.address());
        Cell cell = new Cell(ground, hosts, master, agent);
        for (int i = 1; i <= plan.chunkservers; i++) {
            String name = "cs" + i;
            Host host = hosts.make(name);
            Server server = new Server(
                    ground,
                    host,
                    directories.of(name),
                    port(host, CHUNKSERVER_PORT),
                    List.of("chunkserver", "--master", master.address().toString()));
            server.launch();
            cell.chunkservers.add(server);
        }
        for (Server server : cell.chunkservers) {
            server.awaitReady();
        }
        cell.awaitLive(plan.chunkservers);
        return cell;
    }

    /** On this machine's own address any free port, on a host of its own the usual one. */
    private static int port(Host host, int usual) {
        return host.enter().isEmpty() ? 0 : usual;
    }

    /** Where the servers keep their data. */
    public interface Directories {
        Path of(String server) throws IOException;

        /** Beside each other, below the ground's. */
        static Directories plain(Ground ground) {
            return name -> ground.makeDirectory(name + ".d");
        }
    }

    public Ground ground() {
        return ground;
    }

    public Hosts hosts() {
        return hosts;
    }

    /** The host on which all clients are. */
    public Host clients() throws IOException {
        return hosts.make("clients");
    }

    public Server master() {
        return master;
    }

    public List<Server> chunkservers() {
        return chunkservers;
    }

    public List<Server> all() {
        List<Server> all = new ArrayList<>(List.of(master));
        all.addAll(chunkservers);
        return all;
    }

    public Agent agent() {
        return agent;
    }

    /** The chunkserver that listens at {@code address}. */
    public Server at(String address) {
        return chunkservers.stream()
                .filter(server -> server.address().toString().equals(address))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no chunkserver at " + address));
    }

    public void awaitLive(int wanted) throws IOException {
        long deadline = System.nanoTime() + KNOWN.toNanos();
        while (agent.report().live() != wanted) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the master knows %d chunkservers after %s, not %d"
                        .formatted(agent.report().live(), KNOWN, wanted));
            }
        }
    }

    /** Servers that ended by themselves. */
    public List<Server> unexpectedlyDead() {
        return all().stream()
                .filter(server -> !server.isRunning() && !server.program().isHarmed())
                .toList();
    }

    /** Stops the chunkservers, then the master, as ctrl-C does. */
    public void stop() throws IOException {
        for (Server server : all().reversed()) {
            if (server.isRunning() && !server.program().terminate(STOP)) {
                throw new IOException(server + " did not stop within " + STOP);
            }
        }
    }
}
