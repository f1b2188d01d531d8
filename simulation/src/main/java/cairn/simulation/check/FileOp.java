package cairn.simulation.check;

import org.jspecify.annotations.Nullable;

/** One call on a file, and what came of it. Offsets in the file. */
public final class FileOp {

    /** The kinds of calls. */
    public enum Kind {
        WRITE,
        READ,
        TRUNCATE,
        LENGTH
    }

    /** Bytes of the file. */
    public record Range(long offset, int length) {}

    public final Kind kind;
    public final String client;

    /** Names a write: its bytes are unlike those of any other. */
    public final int number;

    public final long offset;
    public final int length;
    public final long invokedAt;
    public long returnedAt = Operation.NEVER;
    /** Whether a mutation that was not acknowledged may nevertheless have happened; until {@link #returnedAt}. */
    public boolean unsure;
    /** What a read got, the length that was told in {@link #toldLength}. */
    public byte @Nullable [] got;

    public long toldLength;

    public FileOp(Kind kind, String client, int number, Range range, long invokedAt) {
        this.kind = kind;
        this.client = client;
        this.number = number;
        this.offset = range.offset;
        this.length = range.length;
        this.invokedAt = invokedAt;
    }

    public boolean isMutation() {
        return kind == Kind.WRITE || kind == Kind.TRUNCATE;
    }

    public boolean isAnswered() {
        return returnedAt != Operation.NEVER && !unsure;
    }

    /** The byte that write {@code number} puts at {@code position} of its file. */
    public static byte byteOf(int number, long position) {
        long mixed = (number * 0x9e3779b97f4a7c15L) ^ (position * 0xc2b2ae3d27d4eb4fL);
        mixed = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L;
        return (byte) (mixed >>> 56);
    }

    public byte[] bytes() {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = byteOf(number, offset + i);
        }
        return bytes;
    }

    @Override
    public String toString() {
        String end = returnedAt == Operation.NEVER ? "..." : returnedAt + (unsure ? "?" : "");
        String result = switch (kind) {
            case READ -> got == null ? "" : " -> " + got.length + " bytes";
            case LENGTH -> " -> " + toldLength;
            case WRITE, TRUNCATE -> "";
        };
        return "%d-%s %s %s%s at %d, %d bytes%s"
                .formatted(invokedAt, end, client, kind, number == 0 ? "" : " #" + number, offset, length, result);
    }
}
