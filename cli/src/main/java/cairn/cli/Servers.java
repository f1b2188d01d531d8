package cairn.cli;

import cairn.model.ServerAddress;
import cairn.server.chunk.ChunkServer;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.world.World;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts servers in this process; the one place that knows how. */
final class Servers {

    private Servers() {}

    /** A server that runs. */
    interface Running extends Closeable {
        ServerAddress address();
    }

    /** A chunkserver that runs. */
    interface RunningChunkServer extends Running {
        /** Waits until the master knows it; throws what the master said when it refuses. */
        void awaitRegistered(long deadlineNanos) throws IOException;

        /** Returns after a close; closes and throws what the master said when it never will take this server. */
        void awaitStopped() throws IOException;
    }

    /** A master that runs; it stops by itself when its log cannot be written. */
    interface RunningMaster extends Running {
        /** Returns after a close; throws why it stopped otherwise. */
        void awaitStopped() throws IOException;
    }

    /** Starts a master. */
    static RunningMaster startMaster(World world, MasterOptions options) throws IOException {
        requireDirectory(options.directory());
        MasterServer server = listening(options.listen(), () -> MasterServer.start(world, options));
        return new RunningMaster() {
            @Override
            public ServerAddress address() {
                return server.address();
            }

            @Override
            public void awaitStopped() throws IOException {
                server.awaitStopped();
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
    }

    /** Starts a chunkserver; it registers with the master in the background. */
    static RunningChunkServer startChunkServer(World world, ChunkServerOptions options) throws IOException {
        for (String directory : options.directories()) {
            requireDirectory(directory);
        }
        ChunkServer server = listening(options.listen(), () -> ChunkServer.start(world, options));
        return new RunningChunkServer() {
            @Override
            public ServerAddress address() {
                return server.address();
            }

            @Override
            public void awaitRegistered(long deadlineNanos) throws IOException {
                server.awaitRegistered(deadlineNanos);
            }

            @Override
            public void awaitStopped() throws IOException {
                server.awaitStopped();
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
    }

    /** Starts something that listens. */
    private interface Start<T> {
        T start() throws IOException;
    }

    /** Names the address when it cannot be had. */
    private static <T> T listening(ServerAddress address, Start<T> start) throws IOException {
        try {
            return start.start();
        } catch (BindException e) {
            throw new Failure(
                    address
                            + ": the port is in use, or the address is not this machine's; choose another, or 0 for a free one",
                    e);
        }
    }

    private static void requireDirectory(String directory) throws IOException {
        if (directory.isEmpty()) {
            throw new WrongUsage("--dir: '' is not a directory; this one is '.'");
        }
        try {
            Files.createDirectories(Path.of(directory));
        } catch (FileAlreadyExistsException e) {
            throw new Failure(directory + ": is a file; --dir needs a directory", e);
        } catch (InvalidPathException e) {
            throw new Failure(directory + ": is not a path", e);
        }
    }

    /** Closes all, in order, whatever single ones say; the first failure is thrown at the end. */
    static void closeAll(List<? extends Closeable> servers) throws IOException {
        @Nullable IOException first = null;
        for (Closeable server : servers) {
            try {
                server.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
