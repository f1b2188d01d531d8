package cairn.model;

/**
 * Every refusal that crosses the wire. A value inside the servers, an exception only at the client's edge. The number is
 * part of the protocol and is never reused; docs/errors.md is checked against this enum.
 */
public enum ErrorCode {
    /** The request itself is malformed or over a limit. */
    BAD_REQUEST(1, Retry.NO),
    /** A name or path breaks the rules for names. */
    BAD_PATH(2, Retry.NO),
    /** The two sides speak different protocol versions. */
    BAD_PROTOCOL(3, Retry.NO),
    /** The peer belongs to another cell. */
    WRONG_CELL(4, Retry.NO),
    /** The process cannot take more connections or requests now. */
    BUSY(5, Retry.SAME),
    /** Our own mistake; the server's log has the details. */
    INTERNAL(6, Retry.NO),
    /** No answer within the deadline, or the connection broke before one came. */
    UNREACHABLE(7, Retry.WITH_SAME_ID),

    /** No such file or directory. */
    NOT_FOUND(20, Retry.NO),
    /** The path exists already. */
    EXISTS(21, Retry.NO),
    /** A directory stands where a file is needed. */
    IS_DIRECTORY(22, Retry.NO),
    /** A file stands where a directory is needed. */
    NOT_DIRECTORY(23, Retry.NO),
    /** The directory still holds entries. */
    NOT_EMPTY(24, Retry.NO),
    /** A directory cannot be moved into itself; the root cannot be moved or deleted. */
    BAD_RENAME(25, Retry.NO),
    /** The file was changed or deleted meanwhile by somebody else in a way that this request cannot go on. */
    CONFLICT(26, Retry.NO),
    /** Too few chunkservers with space for another replica. */
    NO_SPACE(27, Retry.SAME),
    /** A directory's quota of bytes or files leaves no room for this. */
    QUOTA_EXCEEDED(28, Retry.NO),

    /** No live replica of the chunk is known now. */
    NO_REPLICA(40, Retry.SAME),
    /** The chunk has a newer version than the request names. */
    STALE_VERSION(41, Retry.REFRESH),
    /** This replica does not lead the chunk. */
    NOT_PRIMARY(42, Retry.REFRESH),
    /** The chunk is sealed; the mutation was not applied here and never will be under this version. */
    SEALED(43, Retry.REFRESH),
    /** The server does not hold the chunk. */
    NO_SUCH_CHUNK(44, Retry.REFRESH),
    /** The server has not heard from the master within the serving term, or is not ready to serve this chunk. */
    NOT_SERVING(45, Retry.REFRESH),
    /** The replica failed its checksums; it was reported. Another replica may be good. */
    CORRUPT(46, Retry.REFRESH),
    /** The mutation names a predecessor that this chunk has not applied; resend from the first unacknowledged one. */
    OUT_OF_ORDER(47, Retry.REFRESH),
    /** The payload does not match its checksum: it was damaged on the way. Nothing was applied. */
    BAD_CHECKSUM(48, Retry.SAME),
    /** A record over the limit of a quarter chunk. */
    RECORD_TOO_LARGE(49, Retry.NO),
    /** A disk of the chunkserver refused: full or failing. The primary has reported it. */
    DISK_FAILED(50, Retry.REFRESH),
    /** The master does not know this server's session: register again. */
    UNKNOWN_SERVER(60, Retry.REFRESH);

    private final int number;
    private final Retry retry;

    ErrorCode(int number, Retry retry) {
        this.number = number;
        this.retry = retry;
    }

    public int number() {
        return number;
    }

    public Retry retry() {
        return retry;
    }

    /** The code with this number; {@link #INTERNAL} for one that this build does not know. */
    public static ErrorCode of(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return INTERNAL;
    }
}
