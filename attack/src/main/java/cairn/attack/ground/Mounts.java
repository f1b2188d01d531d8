package cairn.attack.ground;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Small file systems of our own, that can be filled and made to fail. One thread. */
public final class Mounts {

    private static final String BALLAST = "ballast";
    private static final int STEP_BYTES = 64 << 10;

    private final Ground ground;
    private final Map<Path, Kind> kinds = new HashMap<>();

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

    /** A file system in a file. */
    public enum Kind {
        EXT4("loop,errors=remount-ro", "-q", "-F"),
        XFS("loop", "-q", "-f");

        private final String options;
        private final List<String> making;

        Kind(String options, String... making) {
            this.options = options;
            this.making = List.of(making);
        }

        private String type() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Makes one in {@code image} and mounts it. */
        void make(Path image, int mebibytes, Path mount) throws IOException {
            Shell.run("truncate", "-s", mebibytes + "M", image.toString());
            List<String> words = new ArrayList<>(List.of("mkfs." + type()));
            words.addAll(making);
            words.add(image.toString());
            Shell.run(words);
            mount(image, mount);
        }

        private void mount(Path image, Path mount) throws IOException {
            Shell.run("mount", "-t", type(), "-o", options, image.toString(), mount.toString());
        }
    }

    public Path image(String name, Kind kind, int mebibytes) throws IOException {
        Path mount = ground.makeDirectory(name + ".d");
        ground.undo().command("umount", "-l", mount.toString());
        kind.make(imageOf(mount), mebibytes, mount);
        kinds.put(mount, kind);
        return mount;
    }

    private static Path imageOf(Path mount) {
        return mount.resolveSibling(mount.getFileName() + ".image");
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
    public void again(Path mount) throws IOException {
        Kind kind = kinds.get(mount);
        if (kind == null) {
            throw new IllegalArgumentException(mount + " was not made here");
        }
        Shell.run("umount", mount.toString());
        kind.mount(imageOf(mount), mount);
    }
}
