package cairn.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server of a cell that runs on this machine, as its command line tells.
 *
 * @param verb {@code master}, {@code chunkserver} or {@code up}
 * @param directories as given; absolute if they can be made so
 */
record LocalServer(long pid, String verb, List<String> directories) {
    private static final Pattern CELL = Pattern.compile("(?m)^cell (?:= )?([0-9a-f]{16})$");
    private static final Pattern SERVER = Pattern.compile("(?m)^server = ([0-9]+)$");
    private static final List<String> VERBS = List.of("master", "chunkserver", "up");

    LocalServer {
        directories = List.copyOf(directories);
    }

    String name() {
        return verb + " (process " + pid + ")";
    }

    /** Whether what it keeps says that it is of another cell than {@code cell}, an id as report has it; "": of none in particular. */
    boolean isOfAnother(String cell) {
        return !cell.isEmpty()
                && stores().stream().map(LocalServer::cellOf).anyMatch(its -> !its.isEmpty() && !its.equals(cell));
    }

    /** The directories in which a master or a chunkserver keeps what it has; those of a whole cell lie in the one that is named. */
    List<String> stores() {
        if (!verb.equals("up")) {
            return directories;
        }
        List<String> stores = new ArrayList<>();
        for (String directory : directories) {
            try (Stream<Path> parts = Files.list(Path.of(directory))) {
                parts.filter(Files::isDirectory).map(Path::toString).forEach(stores::add);
            } catch (IOException e) {
                stores.add(directory); // and whoever looks at it is told why it cannot be read
            }
        }
        return stores;
    }

    /** The id of the cell to which a master's or chunkserver's directory says that it belongs; empty when it says nothing. */
    static String cellOf(String directory) {
        return word(CELL, directory, List.of("cell", "store"));
    }

    /** The id of the chunkserver that a directory is of, as report has it; empty when it says nothing. */
    static String serverOf(String directory) {
        String number = word(SERVER, directory, List.of("store"));
        return number.isEmpty() ? "" : "s" + number;
    }

    private static String word(Pattern pattern, String directory, List<String> files) {
        for (String name : files) {
            Path file = Path.of(directory, name);
            try {
                Matcher matcher = pattern.matcher(
                        Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "");
                if (matcher.find()) {
                    return matcher.group(1);
                }
            } catch (IOException e) {
                return ""; // another user's
            }
        }
        return "";
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
