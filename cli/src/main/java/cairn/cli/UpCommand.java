package cairn.cli;

import cairn.model.Amount;
import cairn.model.Limits;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        description =
                "Starts a whole cell in this process, a master and chunkservers, and runs it until ctrl-C. What is stored "
                        + "stays under DIR for the next start.",
        footer = {"  cairn up", "  cairn up --dir /tmp/cell --port 7500 --chunkservers 5"})
final class UpCommand implements Action {
    private static final int CHUNKSERVERS = 3;
    private static final int CHUNKSERVERS_MAX = 64;
    private static final int COPIES = 3;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the data is. Otherwise $XDG_DATA_HOME/cairn, otherwise ~/.local/share/cairn.")
    @Nullable
    String directory;

    @Option(names = "--chunkservers", paramLabel = "N", description = "How many; 3, or as many as DIR has already.")
    @Nullable
    Integer chunkServers;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "The master's port; 0 takes a free one. 7433 unless told.")
    int port = Limits.DEFAULT_PORT;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description =
                    "Copies of new files that nobody says otherwise for; 3, or as many as there are chunkservers.")
    @Nullable
    Integer copies;

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "error, warn, info or debug; warn unless told.")
    LogLevel.Level level = LogLevel.Level.WARN;

    @Override
    public int run(Console console) throws IOException {
        LogLevel.apply(level);
        if (port < 0 || port > 65535) {
            throw new WrongUsage("--port " + port + " is not between 0 and 65535");
        }
        Path data = data(console);
        int servers = servers(data);
        int goal = copies == null ? Math.min(COPIES, servers) : copies;
        if (goal < 1 || goal > servers) {
            throw new WrongUsage("--replication " + goal + " needs as many chunkservers, and there are " + servers);
        }
        EmbeddedCell cell = EmbeddedCell.start(new EmbeddedCell.Plan(data, servers, port, goal));
        console.out().print(welcome(cell.address().toString(), data, servers));
        console.out().flush();
        return ServerProcess.runUntilStopped(console, "up", cell, cell::awaitStopped);
    }

    /** Fewer than before would leave copies out, and look like data loss. */
    private int servers(Path data) throws IOException {
        int present = EmbeddedCell.chunkServersIn(data);
        int wanted = chunkServers == null ? Math.max(CHUNKSERVERS, present) : chunkServers;
        if (wanted < 1 || wanted > CHUNKSERVERS_MAX) {
            throw new WrongUsage("--chunkservers " + wanted + ": write a number from 1 to " + CHUNKSERVERS_MAX);
        }
        if (wanted < present) {
            throw new Failure(data + ": has the data of " + Amount.of(present, "chunkserver") + ", and " + wanted
                    + " of them are not all; leave --chunkservers out, or choose another --dir");
        }
        return wanted;
    }

    private Path data(Console console) throws IOException {
        if (directory != null) {
            return PutCommand.local(directory);
        }
        String home = console.variable("HOME", System.getProperty("user.home", "."));
        String share = console.variable("XDG_DATA_HOME", home + "/.local/share");
        return Path.of(share, "cairn");
    }

    static String welcome(String address, Path data, int servers) {
        String cell = address.equals("127.0.0.1:" + Limits.DEFAULT_PORT) ? "" : " --cell " + address;
        return """
                ready: a master and %s on %s, data in %s
                Try in another terminal:
                  cairn%s put README.md /hello
                  cairn%s ls -l /
                  date | cairn%s append /log && cairn%s tail /log
                ctrl-C stops the cell; the next 'cairn up' finds the data again.
                """.formatted(Amount.of(servers, "chunkserver"), address, data, cell, cell, cell, cell);
    }
}
