package cairn.world.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How many descriptors the system grants a process. */
final class FileLimit {
    private static final Path LIMITS = Path.of("/proc/self/limits");

    /** What begins the line, which goes on with the soft limit and the hard one. */
    private static final String NAME = "Max open files";

    /** What systems grant at least that say nothing here. */
    private static final int UNKNOWN = 1024;

    private FileLimit() {}

    static int ofThisProcess() {
        try {
            return of(Files.readString(LIMITS));
        } catch (IOException e) {
            return UNKNOWN; // not Linux, or /proc is not mounted
        }
    }

    static int of(String limits) {
        return limits.lines()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.substring(NAME.length()).strip().split("\\s+", 2)[0])
                .findFirst()
                .map(FileLimit::number)
                .orElse(UNKNOWN);
    }

    private static int number(String soft) {
        if (soft.toLowerCase(Locale.ROOT).equals("unlimited")) {
            return Integer.MAX_VALUE;
        }
        try {
            return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(soft));
        } catch (NumberFormatException e) {
            return UNKNOWN;
        }
    }
}
