package cairn.wire;

import org.jspecify.annotations.Nullable;

/** What a frame is. The numbers are part of the protocol. */
public enum FrameKind {
    REQUEST(1),
    REPLY(2),
    /** A reply whose message is an {@code ErrorReply}; with call id 0 it concerns the whole connection. */
    ERROR(3);

    private final int number;

    FrameKind(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The kind with this number, or null when there is none. */
    public static @Nullable FrameKind of(int number) {
        return switch (number) {
            case 1 -> REQUEST;
            case 2 -> REPLY;
            case 3 -> ERROR;
            default -> null;
        };
    }
}
