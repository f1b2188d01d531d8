package cairn.simulation;

import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** An open file. What it means to write and to sync is {@link StoredFile}'s. */
final class SimDiskFile implements DiskFile {

    private static final int SECTOR_BYTES = 512;

    private final SimDisk disk;
    private final String name;
    private final StoredFile file;
    private boolean closed;

    SimDiskFile(SimDisk disk, String name, StoredFile file) {
        this.disk = disk;
        this.name = name;
        this.file = file;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        begin("read", position);
        long length = file.seen().length();
        if (disk.rots() && position < length) {
            long most = Math.min(length, position + into.remaining()) - 1;
            file.flipBit(
                    disk.random().between(position, Math.max(position, most)),
                    disk.random().below(8));
            disk.noteRot();
        }
        int start = into.position();
        int count = file.seen().read(into, position);
        if (count > 0 && disk.misreads(file)) {
            int at = start + disk.random().below(count);
            into.put(at, (byte) (into.get(at) ^ 1 << disk.random().below(8)));
        }
        return count;
    }

    /** In two pieces at times: a crash, a power loss or a reader may come between them. */
    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        beginChange("write", position);
        StoredFile goal = disk.goalOf(file);
        if (goal != file) {
            goAstray(from, goal);
            return;
        }
        int first = from.remaining();
        if (first > 1 && disk.splitsWrites()) {
            first = 1 + disk.random().below(first - 1);
        }
        writePiece(from, first, position);
        if (from.hasRemaining()) {
            disk.scheduler().yieldNow();
            checkOpen();
            writePiece(from, from.remaining(), position + first);
        }
        disk.end();
    }

    private void writePiece(ByteBuffer from, int count, long position) throws IOException {
        int wanted = file.seen().pagesMissing(position, count);
        long granted = disk.allocate(wanted);
        if (granted < wanted) {
            writeWhatFits(from, count, position, granted);
            throw disk.noSpace(name);
        }
        byte[] bytes = new byte[count];
        from.get(bytes);
        file.write(bytes, position);
    }

    /** The disk writes somewhere into the other file, as far as that goes, and reports success. */
    private void goAstray(ByteBuffer from, StoredFile goal) {
        long length = goal.seen().length();
        long position = length == 0 ? 0 : disk.random().between(0, length - 1);
        byte[] bytes = new byte[(int) Math.min(length - position, from.remaining())];
        from.get(from.position(), bytes);
        from.position(from.limit());
        goal.write(bytes, position);
        disk.recount();
        disk.end();
    }

    /** As a kernel does: page by page until none is left. */
    private void writeWhatFits(ByteBuffer from, int count, long position, long pages) {
        int fits = 0;
        while (fits < count && file.seen().pagesMissing(position, fits + 1) <= pages) {
            fits += (int) Math.min(count - fits, SECTOR_BYTES - (position + fits) % SECTOR_BYTES);
        }
        byte[] bytes = new byte[fits];
        from.get(bytes);
        file.write(bytes, position);
        disk.recount();
    }

    @Override
    public void sync() throws IOException {
        long mark = file.mark();
        try {
            begin("sync", mark);
        } catch (InjectedFault e) {
            if (disk.mayDrop(name)) {
                file.failSync(disk.random());
            }
            throw e;
        }
        disk.scheduler().sleep(disk.syncNanos());
        file.sync(mark);
        disk.end();
    }

    @Override
    public long bytes() throws IOException {
        begin("size", 0);
        return file.seen().length();
    }

    @Override
    public void truncate(long bytes) throws IOException {
        beginChange("truncate", bytes);
        file.truncate(bytes);
        disk.recount();
        disk.end();
    }

    private void begin(String operation, long detail) throws IOException {
        checkOpen();
        disk.begin(operation, name, detail);
        checkOpen();
    }

    private void beginChange(String operation, long detail) throws IOException {
        checkOpen();
        disk.beginChange(operation, name, detail);
        checkOpen();
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException(disk.describe(name) + ": file is closed", new ClosedChannelException());
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
