package cairn.cli;

import cairn.model.Geometry;
import cairn.model.Limits;
import cairn.server.master.MasterOptions;
import cairn.server.master.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description =
                "Runs a master until ctrl-C; an empty directory becomes a new cell. Prints 'listening on HOST:PORT' when it is "
                        + "ready.",
        footer = {"  cairn master --dir /var/lib/cairn/master --listen gfs1:7433"})
final class MasterCommand implements Action {
    @Option(
            names = "--dir",
            required = true,
            paramLabel = "DIR",
            description = "The operation log and checkpoints; made when missing.")
    String directory = "";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen; port 0 takes a free one. 127.0.0.1:7433 unless told.")
    String listen = "127.0.0.1:" + Limits.DEFAULT_PORT;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description = "Of a new cell: copies of files that nobody says otherwise for.")
    int copies = 3;

    @Option(
            names = "--topology",
            paramLabel = "SCRIPT",
            description = {
                "A program that knows the racks: called as SCRIPT HOST:PORT when a chunkserver registers, it prints the rack, one "
                        + "line, within 5 s. What servers say with --rack does not count then."
            })
    @Nullable
    String topology;

    @Option(
            names = "--geometry",
            hidden = true,
            split = ",",
            paramLabel = "CHUNK,BLOCK",
            description = "Of a new cell: bytes of a chunk and of a checksum block. For tests that want many chunks.")
    List<Integer> geometry = List.of();

    @Option(
            names = "--checkpoint-bytes",
            hidden = true,
            paramLabel = "BYTES",
            description = "A checkpoint after so much new log. For tests that want many.")
    long checkpointBytes;

    @Mixin
    LogLevel logLevel = new LogLevel();

    @Override
    public int run(Console console) throws IOException {
        logLevel.apply();
        if (copies < 1 || copies > Limits.REPLICATION_MAX) {
            throw new WrongUsage("--replication " + copies + ": write a number from 1 to " + Limits.REPLICATION_MAX);
        }
        MasterOptions options = MasterOptions.of(directory, Addresses.parse(listen, "--listen"))
                .withReplication(copies)
                .withTopology(racks())
                .withGeometry(sizes());
        if (checkpointBytes > 0) {
            options = options.withCheckpoints(options.log(), checkpointBytes, options.checkpointEvery());
        }
        Servers.RunningMaster master = Servers.startMaster(Worlds.forServers(), options);
        console.out().println("listening on " + master.address());
        console.out().flush();
        return ServerProcess.runUntilStopped(console, "master", master, master::awaitStopped);
    }

    private Topology racks() {
        if (topology == null) {
            return Topology.AS_SERVERS_SAY;
        }
        Path script = Path.of(topology).toAbsolutePath();
        if (!Files.isExecutable(script) || Files.isDirectory(script)) {
            throw new WrongUsage("--topology " + topology + ": is no program that this user may run");
        }
        return new TopologyScript(script, TopologyScript.TIME_MAX);
    }

    private Geometry sizes() {
        if (geometry.isEmpty()) {
            return Geometry.STANDARD;
        }
        if (geometry.size() != 2
                || !Geometry.fault(geometry.get(0), geometry.get(1)).isEmpty()) {
            throw new WrongUsage("--geometry " + geometry
                    + ": write CHUNK,BLOCK, a chunk being four blocks or more, and 64 MiB at most");
        }
        return new Geometry(geometry.get(0), geometry.get(1));
    }
}
