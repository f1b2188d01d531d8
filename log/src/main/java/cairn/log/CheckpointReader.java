package cairn.log;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a checkpoint block by block. Damage is an exception that names file and offset. One thread. */
final class CheckpointReader implements AutoCloseable {
    private static final int FOOTER_BYTES = CheckpointWriter.BLOCK_HEADER_BYTES + 8;

    private final String path;
    private final DiskFile file;
    private final long bytes;
    private long offset = FileHeader.BYTES;
    private long blocks;
    private long records;

    CheckpointReader(Disk disk, long index, long cellId) throws IOException {
        this.path = disk.describe(Files.checkpoint(index));
        this.file = disk.open(Files.checkpoint(index));
        this.bytes = file.bytes();
        ByteBuffer header = readAt(0, FileHeader.BYTES);
        if (FileHeader.check(header, FileHeader.CHECKPOINT_MAGIC, path, cellId).index() != index) {
            throw new StartRefused(path + ": its header names another index; give it its right name back");
        }
    }

    /** The payload of the next block, or null after the last one, when the whole file has proved to be good. */
    @Nullable
    ByteBuffer nextBlock() throws IOException {
        ByteBuffer header = readAt(offset, CheckpointWriter.BLOCK_HEADER_BYTES);
        if (header.limit() < CheckpointWriter.BLOCK_HEADER_BYTES) {
            throw damaged("it ends early");
        }
        int length = header.getInt(0);
        if (length < 0 || length > bytes - offset) {
            throw damaged("a block of " + Integer.toUnsignedString(length) + " bytes");
        }
        int whole = length == 0 ? FOOTER_BYTES : CheckpointWriter.BLOCK_HEADER_BYTES + length;
        if (whole > bytes - offset) {
            throw damaged("it ends early");
        }
        ByteBuffer block = readAt(offset, whole);
        if (block.limit() < whole || block.getInt(4) != Files.sum(block, 0, 4, 8, whole - 8)) {
            throw damaged("a block's sum is wrong");
        }
        if (block.getLong(8) != blocks) {
            throw damaged("a block is missing");
        }
        return length == 0 ? finish(block) : advance(block, whole);
    }

    @Override
    public void close() {
        file.close();
    }

    /** Gives every record to {@code sink}. */
    <X extends Exception> void forEach(StateImage.RecordSink<X> sink) throws X, IOException {
        for (ByteBuffer block = nextBlock(); block != null; block = nextBlock()) {
            while (block.hasRemaining()) {
                byte[] record = new byte[block.getInt()];
                block.get(record);
                sink.take(record);
            }
        }
    }

    private ByteBuffer advance(ByteBuffer block, int whole) throws StartRefused {
        block.position(CheckpointWriter.BLOCK_HEADER_BYTES);
        for (int at = block.position(); at < whole; at += 4 + block.getInt(at)) {
            if (whole - at < 4 || block.getInt(at) < 0 || block.getInt(at) > whole - at - 4) {
                throw damaged("a record in its block does not fit");
            }
            records++;
        }
        offset += whole;
        blocks++;
        return block;
    }

    private @Nullable ByteBuffer finish(ByteBuffer footer) throws StartRefused {
        if (footer.getLong(CheckpointWriter.BLOCK_HEADER_BYTES) != records || offset + FOOTER_BYTES != bytes) {
            throw damaged("the footer does not fit");
        }
        return null;
    }

    private StartRefused damaged(String what) {
        return new StartRefused("%s: damaged at offset %d (%s)".formatted(path, offset, what));
    }

    private ByteBuffer readAt(long position, int length) throws IOException {
        ByteBuffer into = Files.littleEndian(length);
        file.read(into, position);
        return into.flip();
    }
}
