package cairn.cli;

import cairn.model.ServerAddress;
import cairn.server.chunk.ChunkServerOptions;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description =
                "Runs a chunkserver until ctrl-C: keeps chunks on its directories and serves them. Prints 'listening on "
                        + "HOST:PORT' when it is ready; waits for the master as long as it takes.",
        footer = {
            "  cairn chunkserver --dir /disk1/cairn,/disk2/cairn --master gfs1:7433 --listen $(hostname):7434", //
            "  cairn chunkserver --dir cs1 --master 127.0.0.1:7433 --listen 127.0.0.1:0"
        })
final class ChunkServerCommand implements Action {
    @Option(
            names = "--dir",
            required = true,
            split = ",",
            paramLabel = "DIR",
            description = "A directory for each disk, with commas; made when missing.")
    List<String> directories = List.of();

    @Option(names = "--master", required = true, paramLabel = "HOST:PORT", description = "Where the master listens.")
    String master = "";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where to listen, as others reach this machine; port 0 takes a free one. 127.0.0.1:0 unless told.")
    String listen = "127.0.0.1:0";

    @Option(names = "--rack", paramLabel = "NAME", description = "Copies are spread over racks.")
    String rack = "default";

    @Mixin
    LogLevel logLevel = new LogLevel();

    @Override
    public int run(Console console) throws IOException {
        logLevel.apply();
        ServerAddress address = Addresses.parse(listen, "--listen");
        ChunkServerOptions options = ChunkServerOptions.of(directories, Addresses.parse(master, "--master"), address)
                .withRack(rack);
        Servers.RunningChunkServer server = Servers.startChunkServer(Worlds.forServers(), options);
        console.out().println("listening on " + server.address());
        console.out().flush();
        return ServerProcess.runUntilStopped(console, "chunkserver", server, server::awaitStopped);
    }
}
