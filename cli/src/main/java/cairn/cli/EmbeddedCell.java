package cairn.cli;

import cairn.model.ServerAddress;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterOptions;
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
    private static final String LOOPBACK = "127.0.0.1";

    private final Servers.RunningMaster master;
    private final List<Servers.RunningChunkServer> chunkServers;

    private EmbeddedCell(Servers.RunningMaster master, List<Servers.RunningChunkServer> chunkServers) {
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
        requireNoServer(plan.directory());
        World world = Worlds.forServers();
        MasterOptions options = MasterOptions.of(
                        plan.directory().resolve("master").toString(), new ServerAddress(LOOPBACK, plan.port()))
                .withReplication(plan.copies());
        Servers.RunningMaster master = Servers.startMaster(world, options);
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

    /** The directory of a single server holds what a cell would be made beside, not what it is made of. */
    private static void requireNoServer(Path directory) throws Failure {
        for (String mark : List.of("cell", "store")) {
            if (Files.isRegularFile(directory.resolve(mark))) {
                throw new Failure(directory + ": is the directory of a single "
                        + (mark.equals("cell") ? "master" : "chunkserver") + ", not of a whole cell; name another");
            }
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

    /** Returns after a close; throws why the master stopped otherwise. */
    void awaitStopped() throws IOException {
        master.awaitStopped();
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
        for (Servers.RunningChunkServer server : chunkServers) {
            server.awaitRegistered(deadline);
        }
    }

    private void closeQuietly(Exception reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
