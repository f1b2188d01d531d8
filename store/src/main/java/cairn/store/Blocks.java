package cairn.store;

import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Sums of bytes in files and buffers. Stateless. */
final class Blocks {
    private Blocks() {}

    /** The CRC32C of {@code bytes} bytes of {@code buffer} from index {@code from}. */
    static int sum(ByteBuffer buffer, int from, int bytes) {
        CRC32C sum = new CRC32C();
        sum.update(buffer.slice(from, bytes));
        return (int) sum.getValue();
    }

    /** Reads into {@code scratch}, from its index 0; false when the file is shorter. */
    static boolean read(DiskFile file, long offset, int bytes, ByteBuffer scratch) throws IOException {
        scratch.clear().limit(bytes);
        return file.read(scratch, offset) == bytes;
    }

    /** Whether the file holds, at {@code offset}, {@code bytes} bytes with this sum. */
    static boolean holds(DiskFile file, long offset, int bytes, int sum, ByteBuffer scratch) throws IOException {
        return read(file, offset, bytes, scratch) && sum(scratch, 0, bytes) == sum;
    }
}
