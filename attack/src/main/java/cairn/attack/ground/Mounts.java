package cairn.attack.ground;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Small file systems of our own, that can be filled and made to fail. One thread. */
public final class Mounts {

    private static final String BALLAST = "ballast";
    private static final int STEP_BYTES = 64 << 10;

    private final Ground ground;

    public Mounts(Ground ground) {
        this.ground = ground;
    }

    /** A file system in memory. */
    public Path tmpfs(String name, int mebibytes) throws IOException {
        Path mount = ground.makeDirectory(name + ".d");
        ground.undo().command("umount", "-l", mount.toString());
        Shell.run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "attack", mount.toString());
        return mount;
    }

    /** An ext4 in a file. */
    public Path ext4(String name, int mebibytes) throws IOException {
        Path mount = ground.makeDirectory(name + ".d");
        Path image = ground.directory().resolve(name + ".ext4");
        Shell.run("truncate", "-s", mebibytes + "M", image.toString());
        Shell.run("mkfs.ext4", "-q", "-F", image.toString());
        ground.undo().command("umount", "-l", mount.toString());
        mountImage(mount);
        return mount;
    }

    private static void mountImage(Path mount) throws IOException {
        String image = mount.toString().replaceAll("\\.d$", ".ext4");
        Shell.run("mount", "-o", "loop,errors=remount-ro", image, mount.toString());
    }

    /** Takes all the space that is left. */
    public static void fill(Path mount) throws IOException {
        try (FileChannel file =
                FileChannel.open(mount.resolve(BALLAST), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                file.write(ByteBuffer.allocate(STEP_BYTES));
            }
        } catch (IOException e) {
            long left = Files.getFileStore(mount).getUsableSpace();
            if (left >= STEP_BYTES) {
                throw new IOException(mount + " cannot be filled: " + left + " bytes are left", e);
            }
        }
    }

    /** Gives it back. */
    public static void drain(Path mount) throws IOException {
        Files.delete(mount.resolve(BALLAST));
    }

    /** The kernel finds an error in the file system: it turns read-only. What was not written out yet is lost. */
    public static void readOnly(Path mount) throws IOException {
        String device = Shell.run("findmnt", "-n", "-o", "SOURCE", mount.toString());
        Path trigger = Path.of("/sys/fs/ext4", device.substring(device.lastIndexOf('/') + 1), "trigger_fs_error");
        Files.writeString(trigger, "attack");
    }

    /** Every access fails with EIO from now on. What the kernel had not written out is lost. */
    public static void shutDown(Path mount) throws IOException {
        Libc.shutDown(mount);
    }

    /** After {@link #readOnly} or {@link #shutDown}, when nobody uses it; what is in the file system's own log counts. */
    public static void again(Path mount) throws IOException {
        Shell.run("umount", mount.toString());
        mountImage(mount);
    }
}
