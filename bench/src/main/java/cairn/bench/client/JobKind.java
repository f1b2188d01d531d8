package cairn.bench.client;

/** What a client process can be told to do. */
public enum JobKind {
    /** Each thread writes a file from start to end. */
    WRITE,
    /** Each thread reads its file from start to end. */
    READ,
    /** All threads read units at random places of one file. */
    PREAD,
    /** As READ, never from a file on this host where a system would do that. */
    READ_NET,
    /** As PREAD, never from a file on this host. */
    PREAD_NET,
    /** All threads append to one file, each with one record under way. */
    APPEND,
    /** The same, with as many under way as the client takes. */
    APPEND_PIPELINED,
    /** One thread appends about a thousand records a second, the others follow: what is timed is call to arrival. */
    FOLLOW,
    /** Creates a file, writes a unit, closes it. */
    SMALL_CREATE,
    /** Opens a file and reads it. */
    SMALL_READ,
    /** Deletes a file. */
    SMALL_DELETE,
    STAT,
    MKDIR,
    /** Renames a file, there and back. */
    RENAME,
    /** Makes an empty file. */
    TOUCH
}
