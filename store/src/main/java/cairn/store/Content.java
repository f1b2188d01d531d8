package cairn.store;

import cairn.chunk.BlockSums;
import cairn.chunk.Crc32cCombine;
import cairn.chunk.MalformedRecord;
import cairn.chunk.ProducerTable;
import cairn.chunk.ReplicaState;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.Geometry;
import java.util.Arrays;

/** What a replica is: the sum of its journal's records. The same code changes it live and at load. Not thread-safe. */
final class Content {
    final Geometry geometry;
    long fence;
    long established;
    boolean sealed;
    boolean suspect;
    long length;
    long serial;
    ProducerTable producers = new ProducerTable();

    /** Only the first {@link #blocks} count. */
    private int[] sums = new int[0];

    Content(Geometry geometry) {
        this.geometry = geometry;
    }

    int blocks() {
        return geometry.blocksFor(length);
    }

    int sum(int block) {
        return sums[block];
    }

    int[] sums(int from, int to) {
        return Arrays.copyOfRange(sums, from, to);
    }

    /** Bytes that block {@code block} holds. */
    int bytesIn(int block) {
        return (int) Math.min(geometry.blockBytes(), length - (long) block * geometry.blockBytes());
    }

    BlockSums blockSums() {
        return new BlockSums(geometry.blockBytes(), length, sums(0, blocks()));
    }

    ReplicaState state(ChunkHandle handle) {
        return new ReplicaState(
                handle, new ChunkVersion(fence), new ChunkVersion(established), length, serial, sealed, suspect);
    }

    JournalRecord.Snapshot snapshot() {
        return new JournalRecord.Snapshot(
                fence, established, sealed, suspect, length, serial, sums(0, blocks()), producers);
    }

    /** Changes the content; refuses, before any change, what cannot follow it. */
    void apply(JournalRecord record) throws MalformedRecord {
        switch (record) {
            case JournalRecord.Snapshot snapshot -> restore(snapshot);
            case JournalRecord.Extended extended -> {
                require(extended.newLength() >= length, "an extension to %d of %d bytes", extended.newLength());
                require(
                        extended.firstBlock() == length / geometry.blockBytes(),
                        "an extension from block %d of %d bytes",
                        extended.firstBlock());
                change(extended.newLength(), extended.firstBlock(), extended.sums());
                serial = extended.serial();
                producers.record(serial, extended.entries());
            }
            case JournalRecord.Overwritten overwritten -> {
                long end = overwritten.offset() + overwritten.length();
                require(overwritten.offset() <= length, "a write at %d of %d bytes", overwritten.offset());
                require(overwritten.newLength() == Math.max(length, end), "a write that makes %d of %d bytes", end);
                change(
                        overwritten.newLength(),
                        (int) (overwritten.offset() / geometry.blockBytes()),
                        overwritten.sums());
                serial = overwritten.serial();
                producers.record(serial, overwritten.entries());
            }
            case JournalRecord.Cut cut -> {
                cut(cut.newLength(), cut.tailSum());
                serial = cut.serial();
                producers.record(serial, cut.entries());
            }
            case JournalRecord.Fenced fenced -> fence = fenced.version();
            case JournalRecord.Sealed() -> sealed = true;
            case JournalRecord.Established done -> establish(done);
            case JournalRecord.Suspected() -> {
                suspect = true;
                established = 0;
            }
            case JournalRecord.Synced ignored -> {
                /* says something of the disk, nothing of the replica */
            }
        }
    }

    private void restore(JournalRecord.Snapshot snapshot) throws MalformedRecord {
        require(snapshot.length() <= geometry.chunkBytes(), "a snapshot of %d bytes", snapshot.length());
        require(
                snapshot.sums().length == geometry.blocksFor(snapshot.length()),
                "a snapshot with %d sums",
                snapshot.sums().length);
        fence = snapshot.fence();
        established = snapshot.established();
        sealed = snapshot.sealed();
        suspect = snapshot.suspect();
        length = snapshot.length();
        serial = snapshot.serial();
        sums = snapshot.sums();
        producers = snapshot.producers();
    }

    private void establish(JournalRecord.Established done) throws MalformedRecord {
        cut(done.length(), done.tailSum());
        established = done.version();
        fence = Math.max(fence, done.version());
        serial = done.serial();
        producers = done.producers().copy();
        sealed = false;
        suspect = false;
    }

    private void cut(long newLength, int tailSum) throws MalformedRecord {
        require(newLength <= length, "a cut to %d of %d bytes", newLength);
        boolean within = newLength < length && newLength % geometry.blockBytes() != 0;
        length = newLength;
        if (within) {
            sums[blocks() - 1] = tailSum;
        }
    }

    private void change(long newLength, int firstBlock, int[] changed) throws MalformedRecord {
        require(newLength <= geometry.chunkBytes(), "a length of %d bytes", newLength);
        int blocks = geometry.blocksFor(newLength);
        require(firstBlock + changed.length <= blocks, "sums behind block %d", blocks);
        require(
                firstBlock + changed.length == blocks || newLength == length,
                "sums that end at block %d of %d bytes",
                firstBlock + changed.length);
        if (sums.length < blocks) {
            sums = Arrays.copyOf(sums, Math.min(geometry.blocksMax(), Math.max(blocks, 2 * sums.length)));
        }
        System.arraycopy(changed, 0, sums, firstBlock, changed.length);
        length = newLength;
    }

    private void require(boolean holds, String what, long value) throws MalformedRecord {
        if (!holds) {
            throw new MalformedRecord(what.formatted(value, length));
        }
    }

    /**
     * The sums of the blocks from the one of the end to the one of the new end, when zeros up to {@code offset} and
     * then
     * {@code bytes} bytes of payload are added. Combined from known sums: no byte is read.
     */
    int[] sumsAfterAdding(long offset, int bytes, int[] pieceSums) {
        int size = geometry.blockBytes();
        long newLength = offset + bytes;
        int first = (int) (length / size);
        int[] added = new int[Math.max(0, geometry.blocksFor(newLength) - first)];
        for (int i = 0; i < added.length; i++) {
            long begin = (long) (first + i) * size;
            int filled = (int) Math.max(0, length - begin);
            int sum = filled > 0 ? sums[first + i] : 0;
            int gapEnd = (int) Math.min(size, offset - begin);
            if (gapEnd > filled) {
                sum = Crc32cCombine.appendZeros(sum, gapEnd - filled);
            }
            if (bytes > 0 && begin + size > offset) {
                int piece = (int) (Math.min(begin + size, newLength) - Math.max(begin, offset));
                sum = Crc32cCombine.combine(sum, pieceSums[first + i - (int) (offset / size)], piece);
            }
            added[i] = sum;
        }
        return added;
    }
}
