package cairn.store;

import cairn.model.ChunkHandle;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;

/**
 * One verified read of a snapshot of the sums. Whole blocks go straight into the caller's buffer and are checked there;
 * a block of which only a part is wanted is read whole into scratch.
 *
 * @param bytes how many to read; not behind the snapshot's length
 * @param length of the replica at the snapshot
 * @param sums of the blocks that the range touches
 */
@SuppressWarnings("ArrayRecordComponent")
record ReplicaReader(Shelf shelf, ChunkHandle handle, long offset, int bytes, long length, int[] sums) {

    /** The sums of the pieces read; {@code into} advances by {@code bytes}. */
    int[] read(ByteBuffer into) throws IOException {
        if (bytes == 0) {
            return new int[0];
        }
        try (OpenFiles.Lease lease = acquire()) {
            int[] pieces = new int[sums.length];
            int begin = into.position();
            int first = wantsPartOf(0) ? 1 : 0;
            int last = sums.length > first && wantsPartOf(sums.length - 1) ? sums.length - 1 : sums.length;
            readWhole(lease.file(), into, first, last, pieces);
            if (first == 1) {
                pieces[0] = readPart(lease.file(), into.slice(begin, pieceEnd(0)), 0);
            }
            if (last < sums.length) {
                int at = pieceBegin(last);
                pieces[last] = readPart(lease.file(), into.slice(begin + at, bytes - at), last);
            }
            into.position(begin + bytes);
            return pieces;
        }
    }

    private OpenFiles.Lease acquire() throws IOException {
        try {
            return shelf.files.acquire(Names.of(handle, Names.DATA));
        } catch (NoSuchFileException e) {
            shelf.met(Probe.DATA_FILE_GONE);
            throw corrupt(0, "no file");
        }
    }

    private void readWhole(DiskFile file, ByteBuffer into, int first, int last, int[] pieces) throws IOException {
        if (first >= last) {
            return;
        }
        int begin = pieceBegin(first);
        int end = pieceEnd(last - 1);
        ByteBuffer target = into.slice(into.position() + begin, end - begin);
        if (file.read(target, offset + begin) != end - begin) {
            throw corrupt(first, "bytes are missing");
        }
        for (int i = first; i < last; i++) {
            pieces[i] = Blocks.sum(target, pieceBegin(i) - begin, pieceEnd(i) - pieceBegin(i));
            if (pieces[i] != sums[i] && verifies()) {
                readAgain(file, target, i, begin);
                pieces[i] = sums[i];
            }
        }
    }

    /** A whole block of {@code target} that was not what it should be. */
    private void readAgain(DiskFile file, ByteBuffer target, int piece, int begin) throws IOException {
        int bytes = pieceEnd(piece) - pieceBegin(piece);
        ByteBuffer scratch = shelf.buffers.take(bytes);
        try {
            if (!Blocks.holds(file, blockBegin(piece), bytes, sums[piece], scratch)) {
                throw corrupt(piece, "checksum mismatch");
            }
            shelf.met(Probe.BLOCK_MISREAD);
            target.put(pieceBegin(piece) - begin, scratch, 0, bytes);
        } finally {
            shelf.buffers.give(scratch);
        }
    }

    private int readPart(DiskFile file, ByteBuffer into, int piece) throws IOException {
        long blockBegin = blockBegin(piece);
        int blockBytes = (int) Math.min(shelf.geometry.blockBytes(), length - blockBegin);
        ByteBuffer scratch = shelf.buffers.take(blockBytes);
        try {
            if (!shelf.holds(file, blockBegin, blockBytes, sums[piece], scratch) && verifies()) {
                throw corrupt(piece, "checksum mismatch");
            }
            int from = (int) (offset + pieceBegin(piece) - blockBegin);
            into.put(0, scratch, from, into.remaining());
            return Blocks.sum(scratch, from, into.remaining());
        } finally {
            shelf.buffers.give(scratch);
        }
    }

    private boolean verifies() {
        return shelf.options.keeps(Rule.CHECKSUM);
    }

    private boolean wantsPartOf(int piece) {
        long blockEnd = Math.min(blockBegin(piece) + shelf.geometry.blockBytes(), length);
        return offset + pieceBegin(piece) != blockBegin(piece) || offset + pieceEnd(piece) != blockEnd;
    }

    private long blockBegin(int piece) {
        return (offset / shelf.geometry.blockBytes() + piece) * shelf.geometry.blockBytes();
    }

    private int pieceBegin(int piece) {
        return Pieces.begin(piece, offset, shelf.geometry.blockBytes());
    }

    private int pieceEnd(int piece) {
        return Pieces.end(piece, offset, bytes, shelf.geometry.blockBytes());
    }

    private CorruptReplica corrupt(int piece, String what) {
        return new CorruptReplica(handle, shelf.disk.describe(Names.of(handle, Names.DATA)), blockBegin(piece), what);
    }
}
