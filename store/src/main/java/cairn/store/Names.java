package cairn.store;

import cairn.model.ChunkHandle;
import java.util.List;

/** Names in a store's directory (docs/formats/chunk-store.md). */
final class Names {
    static final String IDENTITY = "store";
    static final String IDENTITY_NEW = "store.new";
    static final String LOCK = "lock";
    static final String CLEAN = "clean";
    static final String BOOT = "boot";
    static final String BOOT_NEW = "boot.new";
    static final String SCRUB = "scrub";
    static final String SCRUB_NEW = "scrub.new";
    static final String PERMITS = "permits";
    static final String CHUNKS = "chunks";

    /** What a store may have left in a directory that was emptied under it. */
    static final List<String> OF_NO_VALUE =
            List.of(LOCK, IDENTITY_NEW, CLEAN, BOOT, BOOT_NEW, SCRUB, SCRUB_NEW, PERMITS);

    static final String DATA = ".chunk";
    static final String JOURNAL = ".journal";
    static final String JOURNAL_NEW = ".journal.new";
    static final String IMPORT_DATA = ".chunk.import";
    static final String IMPORT_JOURNAL = ".journal.import";
    static final String GARBAGE = ".garbage";
    static final String BLANK = ".blank";
    static final String CORRUPT_DATA = ".chunk.corrupt";
    static final String CORRUPT_JOURNAL = ".journal.corrupt";

    private static final int HANDLE_DIGITS = 16;

    private Names() {}

    static String of(ChunkHandle handle, String suffix) {
        return CHUNKS + "/" + handle + suffix;
    }

    /** Of a file that belongs to no chunk; with the digits of a handle, so that it is told from what is not ours. */
    static String blank(long number) {
        return of(new ChunkHandle(number), BLANK);
    }

    /** Whether {@code name}, without its directory, is that of a replica's file. */
    static boolean isReplicaFile(String name) {
        return name.length() > HANDLE_DIGITS
                && name.charAt(HANDLE_DIGITS) == '.'
                && name.chars().limit(HANDLE_DIGITS).allMatch(c -> Character.digit(c, 16) >= 0);
    }

    static ChunkHandle handle(String name) {
        return new ChunkHandle(Long.parseUnsignedLong(name, 0, HANDLE_DIGITS, 16));
    }

    static String suffix(String name) {
        return name.substring(HANDLE_DIGITS);
    }
}
