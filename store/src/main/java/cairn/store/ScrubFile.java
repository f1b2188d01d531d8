package cairn.store;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** How far the scrubber has come: a handle, as text. Never synced: what is lost of it is read once more. */
final class ScrubFile {
    private static final int DIGITS = 16;

    private ScrubFile() {}

    /** 0 when there is no file, or a torn one. */
    static long read(Disk disk) {
        try (DiskFile file = disk.open(Names.SCRUB)) {
            ByteBuffer bytes = ByteBuffer.allocate(DIGITS);
            file.read(bytes, 0);
            String text = StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
            return text.length() == DIGITS ? Long.parseUnsignedLong(text, 16) : 0;
        } catch (IOException | NumberFormatException e) {
            return 0; // the round begins anew
        }
    }

    static void write(Disk disk, long handle) throws IOException {
        disk.delete(Names.SCRUB_NEW);
        try (DiskFile file = disk.create(Names.SCRUB_NEW)) {
            file.write(ByteBuffer.wrap("%016x".formatted(handle).getBytes(StandardCharsets.US_ASCII)), 0);
        }
        disk.rename(Names.SCRUB_NEW, Names.SCRUB);
    }
}
