package cairn.model;

/** Limits of the protocol that hold in every cell. Beyond them a peer is refused, never half served. */
public final class Limits {

    /** One component of a path, in UTF-8 bytes: what local file systems take. */
    public static final int NAME_BYTES_MAX = 255;

    /** A whole path, in UTF-8 bytes: PATH_MAX of Linux. */
    public static final int PATH_BYTES_MAX = 4096;

    /** A protobuf message in a frame. Lists are paged well below. */
    public static final int MESSAGE_BYTES_MAX = 1 << 20;

    /** The raw payload of a frame: the largest record, and nothing larger. */
    public static final int PAYLOAD_BYTES_MAX = 16 << 20;

    /** Payload of one write or read request of our own client: what a request costs weighs little against its bytes. */
    public static final int TRANSFER_BYTES = 1 << 20;

    /** Mutations that one producer may have unacknowledged on one chunk: bounds the producer table. */
    public static final int PRODUCER_WINDOW = 256;

    /** Producers that a chunk remembers; the longest idle one is forgotten first. */
    public static final int PRODUCERS_PER_CHUNK_MAX = 4096;

    /** A file, in bytes: a million chunks. */
    public static final long FILE_BYTES_MAX = 64L << 40;

    /** A gap that one write or truncate may leave behind the end of a file; it reads as zeros but takes chunks. */
    public static final long HOLE_BYTES_MAX = 4L << 30;

    /** Replicas a user may ask for. */
    public static final int REPLICATION_MAX = 16;

    /** Entries in one page of a listing. */
    public static final int LIST_PAGE_MAX = 1000;

    /** Replicas in one page of a chunkserver's report. */
    public static final int REPORT_PAGE_MAX = 4000;

    /** Bad replicas told in one heartbeat; the others wait until the master has had these dropped. */
    public static final int LOST_TOLD_MAX = 1000;

    /** HOST:PORT of a server: the longest name that DNS knows, and a port. */
    public static final int ADDRESS_CHARS_MAX = 253 + 6;

    /** What a server says about itself in words: rack, software, a disk's state. */
    public static final int WORDS_CHARS_MAX = 255;

    /** Disks of one chunkserver. */
    public static final int DISKS_MAX = 256;

    /** Chunkservers that a cell ever had; their names are kept for ever. */
    public static final int SERVERS_MAX = 100_000;

    /** The port a master listens on unless told otherwise (chunkservers of {@code cairn up} take free ones). */
    public static final int DEFAULT_PORT = 7433;

    static {
        Invariant.check(Geometry.STANDARD.recordBytesMax() == PAYLOAD_BYTES_MAX, "a record travels in one frame");
    }

    private Limits() {}
}
