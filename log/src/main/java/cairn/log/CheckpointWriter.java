package cairn.log;

import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Streams records into {@code checkpoint-<index>.tmp}; {@link #finish} makes it a checkpoint. One thread. */
final class CheckpointWriter implements AutoCloseable {

    /** Payload of a block: what is summed, written and read at once. */
    static final int BLOCK_BYTES = 1 << 20;

    /** Before a block's payload: its bytes, CRC32C of the rest, number of the block. */
    static final int BLOCK_HEADER_BYTES = 16;

    private final Disk disk;
    private final long index;
    private final DiskFile file;
    private ByteBuffer block = Files.littleEndian(BLOCK_HEADER_BYTES + BLOCK_BYTES);
    private long position;
    private long blocks;
    private long records;

    CheckpointWriter(Disk disk, long cellId, long index) throws IOException {
        this.disk = disk;
        this.index = index;
        disk.delete(temporary());
        this.file = disk.create(temporary());
        write(FileHeader.encode(FileHeader.CHECKPOINT_MAGIC, cellId, index));
        block.position(BLOCK_HEADER_BYTES);
    }

    void add(byte[] record) throws IOException {
        if (block.remaining() < 4 + record.length) {
            writeBlock();
            if (block.remaining() < 4 + record.length) {
                block = Files.littleEndian(BLOCK_HEADER_BYTES + 4 + record.length)
                        .position(BLOCK_HEADER_BYTES);
            }
        }
        block.putInt(record.length).put(record);
        records++;
    }

    /** Durable under its name on return. */
    void finish() throws IOException {
        if (block.position() > BLOCK_HEADER_BYTES) {
            writeBlock();
        }
        block.putLong(records);
        writeFooter();
        file.sync();
        file.close();
        disk.rename(temporary(), Files.checkpoint(index));
        disk.syncDirectory("");
    }

    @Override
    public void close() {
        file.close();
    }

    private String temporary() {
        return Files.checkpoint(index) + Files.TEMPORARY_SUFFIX;
    }

    private void writeBlock() throws IOException {
        seal(block.position() - BLOCK_HEADER_BYTES);
        blocks++;
    }

    /** A block whose length says 0: its number is the count of blocks, its payload the count of records. */
    private void writeFooter() throws IOException {
        seal(0);
    }

    private void seal(int length) throws IOException {
        block.putInt(0, length).putLong(8, blocks);
        block.putInt(4, Files.sum(block, 0, 4, 8, block.position() - 8));
        write(block.flip());
        block.clear().position(BLOCK_HEADER_BYTES);
    }

    private void write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        file.write(bytes, position);
        position += length;
    }
}
