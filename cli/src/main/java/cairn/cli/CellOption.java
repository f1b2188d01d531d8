package cairn.cli;

import cairn.client.Cairn;
import cairn.client.ClientOptions;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --cell}, on every verb that talks to a cell. */
final class CellOption {
    private static final String DEFAULT = "127.0.0.1:" + Limits.DEFAULT_PORT;

    @Option(
            names = "--cell",
            paramLabel = "HOST:PORT",
            description = "The cell's master; several with commas. Otherwise $CAIRN_CELL, otherwise 127.0.0.1:7433.")
    @Nullable
    String cell;

    @Option(
            names = "--no-short-circuit",
            description = "Read replicas on this machine through their servers, too, and not from their files.")
    boolean noShortCircuit;

    /** A connection to the cell that the command line, the environment or the default names. */
    Cairn connect(Console console) throws IOException {
        String text = cell == null ? console.variable("CAIRN_CELL", DEFAULT) : cell;
        List<ServerAddress> masters = new ArrayList<>();
        for (String address : text.split(",", -1)) {
            masters.add(Addresses.parse(address, cell == null ? "CAIRN_CELL" : "--cell"));
        }
        return Cairn.connect(masters, options().withShortCircuit(!noShortCircuit), Worlds.real());
    }

    private static ClientOptions options() {
        try {
            // The identity of this process as the kernel sees it; also right where the user has no entry in passwd.
            PosixFileAttributes self = Files.readAttributes(Path.of("/proc/self"), PosixFileAttributes.class);
            return ClientOptions.DEFAULTS.withCaller(
                    self.owner().getName(), self.group().getName());
        } catch (IOException | UnsupportedOperationException e) {
            String user = System.getProperty("user.name", "nobody");
            return ClientOptions.DEFAULTS.withCaller(user, user);
        }
    }
}
