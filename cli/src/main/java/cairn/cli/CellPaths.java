package cairn.cli;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FilePath;
import cairn.model.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Paths in the cell, as text. */
final class CellPaths {

    private CellPaths() {}

    /**
     * The normal form of a path the user wrote.
     *
     * @throws CairnException BAD_PATH, naming the rule that it breaks
     */
    static String parse(String text) throws CairnException {
        // Java puts this character where an argument of the process was not UTF-8.
        if (text.indexOf('\uFFFD') >= 0) {
            throw new CairnException(ErrorCode.BAD_PATH, "path '" + text + "': a name must be valid UTF-8");
        }
        return FilePath.parse(text).toString();
    }

    static List<String> parse(List<String> texts) throws CairnException {
        List<String> paths = new ArrayList<>();
        for (String text : texts) {
            paths.add(parse(text));
        }
        return paths;
    }

    /** The entry {@code name} of {@code directory}; names that come from outside the cell are checked. */
    static String child(String directory, String name) throws CairnException {
        String fault = FilePath.nameFault(name);
        if (!fault.isEmpty()) {
            throw new CairnException(ErrorCode.BAD_PATH, "'" + name + "' cannot be a name in the cell: " + fault);
        }
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    /** As it is written in a command that is to be copied. */
    static String forShell(String path) {
        return path.matches("[A-Za-z0-9/._+,:@%=-]*") ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static boolean isWithin(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory.equals("/") ? "/" : directory + "/");
    }

    /** A hidden name beside {@code name} for what is not complete yet; no longer than a name may be. */
    static String partialName(String name, long random) {
        String ending = ".cairn-partial-" + Integer.toHexString((int) random);
        int room = Limits.NAME_BYTES_MAX - 1 - ending.length();
        String kept = name;
        while (kept.getBytes(StandardCharsets.UTF_8).length > room) {
            kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
        }
        return "." + kept + ending;
    }
}
