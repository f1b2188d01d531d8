package cairn.cli;

import cairn.cli.text.Sizes;
import cairn.model.ServerAddress;
import cairn.server.chunk.ChunkServerOptions;
import cairn.server.chunk.Upkeep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    @Option(
            names = "--scrub-every",
            paramLabel = "DAYS",
            description = "Every replica is verified against its checksums at least this often; 14 unless told.")
    double scrubDays = Upkeep.DEFAULT.scrubEvery().toDays();

    @Option(
            names = "--scrub-rate",
            paramLabel = "SIZE",
            description = "Bytes a second that verifying reads at most; 32M unless told. Clients go first.")
    String scrubRate = Sizes.human(Upkeep.DEFAULT.scrubRateMax());

    @Option(
            names = "--copy-rate",
            paramLabel = "SIZE",
            description =
                    "Bytes a second of copies that this server takes or gives at most; 128M unless told. Clients go first.")
    String copyRate = Sizes.human(Upkeep.DEFAULT.copyRateMax());

    @Option(names = "--no-short-circuit", description = "Let no reader on this machine read replicas from their files.")
    boolean noShortCircuit;

    @Mixin
    LogLevel logLevel = new LogLevel();

    @Override
    public int run(Console console) throws IOException {
        logLevel.apply();
        ServerAddress address = Addresses.parse(listen, "--listen");
        refuseTwice(directories);
        ChunkServerOptions options = ChunkServerOptions.of(directories, Addresses.parse(master, "--master"), address)
                .withRack(rack)
                .withSharedFiles(!noShortCircuit)
                .withUpkeep(upkeep());
        Servers.RunningChunkServer server = Servers.startChunkServer(Worlds.forServers(), options);
        console.out().println("listening on " + server.address());
        console.out().flush();
        return ServerProcess.runUntilStopped(console, "chunkserver", server, server::awaitStopped);
    }

    /** Two names of one directory would be two disks that hold the same. */
    private static void refuseTwice(List<String> directories) throws WrongUsage, IOException {
        for (int i = 0; i < directories.size(); i++) {
            Path one = Path.of(directories.get(i)).toAbsolutePath().normalize();
            for (String earlier : directories.subList(0, i)) {
                Path other = Path.of(earlier).toAbsolutePath().normalize();
                boolean both = Files.exists(one) && Files.exists(other);
                if (one.equals(other) || (both && Files.isSameFile(one, other))) {
                    throw new WrongUsage("--dir: " + directories.get(i)
                            + (directories.get(i).equals(earlier) ? " is named twice" : " is the same as " + earlier)
                            + "; name a directory for each disk");
                }
            }
        }
    }

    private Upkeep upkeep() throws WrongUsage {
        long scrubSeconds = (long) (scrubDays * Duration.ofDays(1).toSeconds());
        if (scrubSeconds < 1) {
            throw new WrongUsage("--scrub-every " + scrubDays + ": write a number of days, 0.001 for instance");
        }
        return Upkeep.DEFAULT
                .withScrub(Duration.ofSeconds(scrubSeconds), rate("--scrub-rate", scrubRate))
                .withCopyRate(rate("--copy-rate", copyRate));
    }

    private static long rate(String option, String text) throws WrongUsage {
        try {
            long bytes = Sizes.parse(text);
            if (bytes > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(option + " " + text + ": " + e.getMessage());
        }
        throw new WrongUsage(option + " " + text + ": write a size above 0, for instance 32M");
    }
}
