package cairn.simulation.check;

/**
 * What a reader or follower saw of a file that is only appended to.
 *
 * @param who saw it, for people
 * @param offset in the file, of the first byte seen
 * @param bytes what came; not copied
 * @param end whether it was told that the file ends behind these bytes
 * @param invokedAt in the clock of {@link AppendRecord#invokedAt}
 * @param returnedAt in the same clock
 */
@SuppressWarnings("ArrayRecordComponent") // compared with the file, never with each other
public record AppendLook(String who, long offset, byte[] bytes, boolean end, long invokedAt, long returnedAt) {

    private static final byte[] NOTHING = {};

    /** Somebody was told how long the file is. */
    public static AppendLook length(String who, long length, long invokedAt, long returnedAt) {
        return new AppendLook(who, length, NOTHING, true, invokedAt, returnedAt);
    }

    long endOffset() {
        return offset + bytes.length;
    }

    @Override
    public String toString() {
        return "%s, %d-%d: %d bytes at %d%s"
                .formatted(who, invokedAt, returnedAt, bytes.length, offset, end ? ", the end of the file" : "");
    }
}
