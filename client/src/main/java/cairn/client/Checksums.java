package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.rpc.Reply;
import cairn.wire.proto.SumsReply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The checksum of a file from those of its blocks. */
final class Checksums {

    private Checksums() {}

    static FileChecksum of(Core core, long file, long deadlineNanos) throws CairnException {
        long length = 0;
        int whole = 0;
        for (Located chunk : core.locations.all(file, deadlineNanos)) {
            Reply<SumsReply> reply = core.chunks.sums(file, chunk.at(), deadlineNanos);
            try {
                long bytes = reply.message().getLength();
                ByteBuffer sums = reply.payload().buffer().order(ByteOrder.LITTLE_ENDIAN);
                whole = Crc32cCombine.combine(whole, chunkSum(core, chunk, bytes, sums), bytes);
                length += bytes;
            } finally {
                reply.release();
            }
        }
        return new FileChecksum(length, whole);
    }

    private static int chunkSum(Core core, Located chunk, long bytes, ByteBuffer sums) throws CairnException {
        int block = core.geometry().blockBytes();
        if (sums.remaining() != 4L * core.geometry().blocksFor(bytes)) {
            throw new CairnException(
                    ErrorCode.INTERNAL, Chunks.about(chunk.at(), null) + ": its checksums do not cover its length");
        }
        return fromBlocks(bytes, block, sums);
    }

    /** The CRC32C of {@code bytes} bytes from those of their blocks. */
    static int fromBlocks(long bytes, int blockBytes, ByteBuffer sums) {
        int sum = 0;
        for (long at = 0; at < bytes; at += blockBytes) {
            sum = Crc32cCombine.combine(sum, sums.getInt(), Math.min(blockBytes, bytes - at));
        }
        return sum;
    }
}
