package cairn.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An absolute, normal path: no empty component, no {@code .}, no {@code ..}, no NUL. Names are compared by their UTF-8
 * bytes; nothing is folded or normalised.
 */
public record FilePath(List<String> names) {

    public static final FilePath ROOT = new FilePath(List.of());

    public FilePath {
        names = List.copyOf(names);
    }

    /**
     * Parses an absolute path. Repeated and trailing slashes are taken as one, as every shell user expects.
     *
     * @throws CairnException BAD_PATH, naming the path and the rule it breaks
     */
    public static FilePath parse(String text) throws CairnException {
        if (!text.startsWith("/")) {
            throw new CairnException(ErrorCode.BAD_PATH, "path '" + shortened(text) + "' must start with /");
        }
        if (utf8Bytes(text) > Limits.PATH_BYTES_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_PATH,
                    "path '" + shortened(text) + "' is longer than " + Limits.PATH_BYTES_MAX + " bytes");
        }
        List<String> names = new ArrayList<>();
        for (String name : text.split("/")) {
            if (!name.isEmpty()) {
                String fault = nameFault(name);
                if (!fault.isEmpty()) {
                    throw new CairnException(ErrorCode.BAD_PATH, "path '" + printable(text) + "': " + fault);
                }
                names.add(name);
            }
        }
        return new FilePath(names);
    }

    /** Why {@code name} cannot be a component of a path, or an empty string when it can. */
    public static String nameFault(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return "'" + name + "' is not a name";
        }
        if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            return "a name may not hold '/' or NUL";
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            return "a name must be valid UTF-8";
        }
        if (utf8Bytes(name) > Limits.NAME_BYTES_MAX) {
            return "a name is longer than " + Limits.NAME_BYTES_MAX + " bytes";
        }
        return "";
    }

    public boolean isRoot() {
        return names.isEmpty();
    }

    /** The last component; empty for the root. */
    public String name() {
        return names.isEmpty() ? "" : names.get(names.size() - 1);
    }

    /** The directory that holds this path; the root is its own parent. */
    public FilePath parent() {
        return names.isEmpty() ? this : new FilePath(names.subList(0, names.size() - 1));
    }

    public FilePath child(String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return new FilePath(longer);
    }

    /** Whether this path is {@code other} or lies below it. */
    public boolean isWithin(FilePath other) {
        return names.size() >= other.names.size()
                && names.subList(0, other.names.size()).equals(other.names);
    }

    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    private static int utf8Bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String printable(String text) {
        return text.replace('\0', '?');
    }
}
