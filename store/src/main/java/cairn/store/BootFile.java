package cairn.store;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;

/**
 * Which run of the host this store was last loaded in. A process that died leaves every byte it wrote; a host that lost
 * power may have lost the newest ones without a trace, and only this file tells the two apart.
 */
final class BootFile {
    private static final int BYTES_MAX = 256;

    private BootFile() {}

    /** Whether nothing that was written since the last load can be lost. */
    static boolean isOfThisBoot(Disk disk) throws IOException {
        String now = disk.bootId();
        return !now.isEmpty() && now.equals(read(disk));
    }

    /** Durable on return. */
    static void write(Disk disk) throws IOException {
        String now = disk.bootId();
        if (now.equals(read(disk))) {
            return;
        }
        disk.delete(Names.BOOT_NEW);
        try (DiskFile file = disk.create(Names.BOOT_NEW)) {
            file.write(ByteBuffer.wrap(now.getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
        }
        disk.rename(Names.BOOT_NEW, Names.BOOT);
        disk.syncDirectory("");
    }

    private static String read(Disk disk) throws IOException {
        try (DiskFile file = disk.open(Names.BOOT)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(BYTES_MAX, file.bytes()));
            file.read(bytes, 0);
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
