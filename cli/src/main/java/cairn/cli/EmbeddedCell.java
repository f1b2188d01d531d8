package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CellReport;
import cairn.model.CairnException;
import cairn.model.ServerAddress;
import cairn.server.chunk.ChunkServerOptions;
import cairn.world.World;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole cell in this process: a master and chunkservers, each with its own directory, talking over loopback sockets as
 * separate processes would. Closing it stops the chunkservers first, so that they can still say so to the master.
 */
final class EmbeddedCell implements Closeable {
    private static final long READY_NANOS_MAX = 30_000_000_000L;
    private static final long ASK_AGAIN_NANOS = 20_000_000;
    private static final String LOOPBACK = "127.0.0.1";

    private final Servers.Running master;
    private final List<Servers.Running> chunkServers;

    private EmbeddedCell(Servers.Running master, List<Servers.Running> chunkServers) {
        this.master = master;
        this.chunkServers = chunkServers;
    }

    /**
     * What to start.
     *
     * @param chunkServers how many; more or the same as the directory holds already
     * @param port of the master; 0 takes a free one
     * @param copies of files that nobody says otherwise for
     */
    record Plan(Path directory, int chunkServers, int port, int copies) {}

    /** Starts everything; returns when all chunkservers have registered. On a failure nothing is left running. */
    static EmbeddedCell start(Plan plan) throws IOException {
        World world = Worlds.forServers();
        Servers.Running master = Servers.startMaster(
                world,
                plan.directory().resolve("master").toString(),
                new ServerAddress(LOOPBACK, plan.port()),
                plan.copies());
        EmbeddedCell cell = new EmbeddedCell(master, new ArrayList<>());
        try {
            for (int i = 1; i <= plan.chunkServers(); i++) {
                String directory = chunkServerDirectory(plan.directory(), i).toString();
                cell.chunkServers.add(Servers.startChunkServer(
                        world,
                        ChunkServerOptions.of(List.of(directory), master.address(), new ServerAddress(LOOPBACK, 0))));
            }
            cell.awaitRegistered(world);
            return cell;
        } catch (IOException | RuntimeException e) {
            cell.closeQuietly(e);
            throw e;
        }
    }

    /** How many chunkservers a directory holds from earlier runs. */
    static int chunkServersIn(Path directory) throws IOException {
        int count = 0;
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "chunkserver-*")) {
                for (Path entry : entries) {
                    count += Files.isDirectory(entry) ? 1 : 0;
                }
            }
        }
        return count;
    }

    ServerAddress address() {
        return master.address();
    }

    @Override
    public void close() throws IOException {
        List<Closeable> all = new ArrayList<>(chunkServers);
        all.add(master);
        Servers.closeAll(all);
    }

    private static Path chunkServerDirectory(Path directory, int number) {
        return directory.resolve("chunkserver-" + number);
    }

    private void awaitRegistered(World world) throws IOException {
        long deadline = world.time().nanos() + READY_NANOS_MAX;
        try (Cairn client = Cairn.connect(address())) {
            while (live(client) < chunkServers.size()) {
                if (world.time().nanos() > deadline) {
                    throw new Failure("only " + live(client) + " of " + chunkServers.size()
                            + " chunkservers have registered; --log-level debug tells more");
                }
                world.time().sleep(ASK_AGAIN_NANOS);
            }
        }
    }

    private static long live(Cairn client) throws CairnException {
        CellReport report = client.report();
        return report.servers().stream()
                .filter(server -> server.state().equals("live"))
                .count();
    }

    private void closeQuietly(Exception reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
