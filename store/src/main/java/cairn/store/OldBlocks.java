package cairn.store;

import cairn.chunk.Crc32cCombine;
import cairn.model.ChunkHandle;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Sums of blocks of which a part stays: the old block is read and verified first, so that no sum ever covers bytes that
 * nobody checked. The caller keeps the replica from changing.
 */
final class OldBlocks {
    private final Shelf shelf;
    private final ChunkHandle handle;
    private final Content content;
    private final String dataName;

    OldBlocks(Shelf shelf, ChunkHandle handle, Content content) {
        this.shelf = shelf;
        this.handle = handle;
        this.content = content;
        this.dataName = Names.of(handle, Names.DATA);
    }

    /** The sums of the blocks from the one at {@code offset} to the one of the last of {@code bytes} new bytes. */
    int[] sumsAfterReplacing(long offset, int bytes, int[] pieceSums) throws IOException {
        int size = shelf.geometry.blockBytes();
        int[] sums = pieceSums.clone();
        for (int i = 0; i < sums.length; i++) {
            long begin = offset + Pieces.begin(i, offset, size);
            long end = offset + Pieces.end(i, offset, bytes, size);
            int block = (int) (begin / size);
            boolean whole = begin % size == 0 && (block >= content.blocks() || end >= blockEnd(block));
            if (!whole) {
                sums[i] = sumAfterReplacing(block, begin, end, pieceSums[i]);
            }
        }
        return sums;
    }

    private long blockEnd(int block) {
        return (long) block * shelf.geometry.blockBytes() + content.bytesIn(block);
    }

    private int sumAfterReplacing(int block, long begin, long end, int pieceSum) throws IOException {
        ByteBuffer old = verified(block);
        try {
            long blockBegin = (long) block * shelf.geometry.blockBytes();
            int sum = Crc32cCombine.combine(
                    Blocks.sum(old, 0, (int) (begin - blockBegin)), pieceSum, (int) (end - begin));
            int after = (int) Math.max(0, blockEnd(block) - end);
            return Crc32cCombine.combine(
                    sum, Blocks.sum(old, (int) (blockEnd(block) - blockBegin) - after, after), after);
        } finally {
            shelf.buffers.give(old);
        }
    }

    /** What the sum of the last block will be when the replica is cut to {@code length}. */
    int sumOfTail(long length) throws IOException {
        int within = (int) (length % shelf.geometry.blockBytes());
        if (within == 0 || length == content.length) {
            return 0;
        }
        ByteBuffer old = verified((int) (length / shelf.geometry.blockBytes()));
        try {
            return Blocks.sum(old, 0, within);
        } finally {
            shelf.buffers.give(old);
        }
    }

    /** The bytes of a block, from index 0 of a buffer of the pool. */
    private ByteBuffer verified(int block) throws IOException {
        ByteBuffer scratch = shelf.buffers.take(shelf.geometry.blockBytes());
        long offset = (long) block * shelf.geometry.blockBytes();
        try (OpenFiles.Lease data = shelf.files.acquire(dataName)) {
            if (shelf.holds(data.file(), offset, content.bytesIn(block), content.sum(block), scratch)) {
                return scratch;
            }
        }
        shelf.buffers.give(scratch);
        throw new CorruptReplica(handle, shelf.disk.describe(dataName), offset, "checksum mismatch");
    }
}
