package cairn.master;

import java.util.Locale;

/** How well a chunk stands, the worst last. A chunk is in the one class that is worst for it. */
enum ChunkHealth {
    HEALTHY,
    /** More good copies than wanted: costs space only. */
    OVER,
    /** As many as wanted, all in one rack although there is another: that rack's switch is a single point of failure. */
    MISPLACED,
    /** Fewer good copies than wanted, at least one. */
    UNDER,
    /** No good copy, and one that is damaged: what can still be read of it is all there is. */
    CORRUPT,
    /** No copy that could be read now; servers that are away may bring one back. */
    MISSING;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Bytes cannot be read now. */
    boolean unreadable() {
        return this == CORRUPT || this == MISSING;
    }
}
