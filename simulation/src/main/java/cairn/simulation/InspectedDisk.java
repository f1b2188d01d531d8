package cairn.simulation;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk as an observer outside of the simulated world sees it: at once, without a fault, and to be read only. */
final class InspectedDisk implements Disk {

    private final SimDisk disk;
    private final StoredTree tree;

    InspectedDisk(SimDisk disk, StoredTree tree) {
        this.disk = disk;
        this.tree = tree;
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new InspectedFile(tree.file(name, describe(name)).seen());
    }

    @Override
    public boolean exists(String name) {
        return tree.find(name) != null;
    }

    @Override
    public List<String> list(String directory) {
        return tree.list(directory);
    }

    @Override
    public String bootId() {
        return disk.bootId();
    }

    @Override
    public String describe(String name) {
        return disk.describe(name);
    }

    @Override
    public DiskFile create(String name) {
        throw readOnly();
    }

    @Override
    public void rename(String from, String to) {
        throw readOnly();
    }

    @Override
    public void delete(String name) {
        throw readOnly();
    }

    @Override
    public void makeDirectories(String name) {
        throw readOnly();
    }

    @Override
    public void syncDirectory(String name) {
        throw readOnly();
    }

    @Override
    public long usableBytes() {
        throw readOnly();
    }

    @Override
    public long totalBytes() {
        throw readOnly();
    }

    @Override
    public Closeable lock(String name) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("an observer only reads");
    }

    /** A file of it. */
    private record InspectedFile(PagedBytes content) implements DiskFile {

        @Override
        public int read(ByteBuffer into, long position) {
            return content.read(into, position);
        }

        @Override
        public long bytes() {
            return content.length();
        }

        @Override
        public void write(ByteBuffer from, long position) {
            throw readOnly();
        }

        @Override
        public void sync() {
            throw readOnly();
        }

        @Override
        public void truncate(long bytes) {
            throw readOnly();
        }

        @Override
        public void close() {}
    }
}
