package cairn.master;

import java.util.Locale;

/** What a replica is worth to its chunk now. */
enum Worth {
    /** Counts: holds all that the chunk's version holds, on a server that lives. */
    GOOD,
    /** As good, on a server that is drained: it serves and is a source, and does not count once others make up for it. */
    LEAVING,
    /** Holds the version, and must be compared with another before it is served: its server crashed, or it is joining. */
    UNPROVEN,
    /** Failed its checksums or lies on a failing disk; kept because nobody has a better one yet. */
    DAMAGED,
    /** Of an older version: never served; makes a copy cheaper. */
    STALE,
    /** Its server is not heard of, and may be back in a moment. */
    AWAY,
    /** Its server was away for so long that the replica is made anew elsewhere. */
    GONE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
