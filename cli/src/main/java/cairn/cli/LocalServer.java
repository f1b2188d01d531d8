package cairn.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of a cell that runs on this machine, as its command line tells.
 *
 * @param verb {@code master}, {@code chunkserver} or {@code up}
 * @param directories as given; absolute if they can be made so
 */
record LocalServer(long pid, String verb, List<String> directories) {
    private static final List<String> VERBS = List.of("master", "chunkserver", "up");

    LocalServer {
        directories = List.copyOf(directories);
    }

    String name() {
        return verb + " (process " + pid + ")";
    }

    /** Those whose command lines this user may read. */
    static List<LocalServer> all() {
        return ProcessHandle.allProcesses()
                .map(process -> of(process.pid()))
                .filter(server -> VERBS.contains(server.verb()))
                .toList();
    }

    private static LocalServer of(long pid) {
        Path proc = Path.of("/proc/" + pid);
        try {
            List<String> words = List.of(Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .split("\0", -1));
            int main = words.indexOf("cairn.cli.Main");
            if (main < 0 || main + 1 >= words.size()) {
                return new LocalServer(pid, "", List.of());
            }
            List<String> directories = new ArrayList<>();
            for (int i = main + 2; i < words.size(); i++) {
                String value = words.get(i).startsWith("--dir=") ? words.get(i).substring(6) : "";
                if (words.get(i).equals("--dir") && i + 1 < words.size()) {
                    value = words.get(i + 1);
                }
                for (String directory : value.split(",", -1)) {
                    if (!directory.isEmpty()) {
                        directories.add(absolute(proc, directory));
                    }
                }
            }
            return new LocalServer(pid, words.get(main + 1), directories);
        } catch (IOException e) {
            return new LocalServer(pid, "", List.of()); // ended, or another user's
        }
    }

    /** A relative one is meant from where the process was started. */
    private static String absolute(Path proc, String directory) {
        try {
            return Files.readSymbolicLink(proc.resolve("cwd"))
                    .resolve(directory)
                    .toString();
        } catch (IOException e) {
            return directory;
        }
    }
}
