package cairn.chunk;

import cairn.model.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The checksums of a whole replica at one moment: what members compare when they reconcile (4 KiB for a full chunk).
 * Immutable.
 */
public final class BlockSums {

    private final int blockBytes;
    private final long length;
    private final int[] sums;

    /**
     * Copies {@code sums}.
     *
     * @param length bytes of the replica; the last sum covers only the bytes below it
     */
    public BlockSums(int blockBytes, long length, int[] sums) {
        long blocks = (length + blockBytes - 1) / blockBytes;
        Invariant.check(sums.length == blocks, "%d sums for %d blocks", sums.length, blocks);
        this.blockBytes = blockBytes;
        this.length = length;
        this.sums = sums.clone();
    }

    public int blockBytes() {
        return blockBytes;
    }

    public long length() {
        return length;
    }

    public int blocks() {
        return sums.length;
    }

    /** The CRC32C of block {@code block}. */
    public int sum(int block) {
        return sums[block];
    }

    /** All sums, a copy. */
    public int[] toArray() {
        return sums.clone();
    }

    /** Bytes that block {@code block} holds. */
    public int bytesIn(int block) {
        return (int) Math.min(blockBytes, length - (long) block * blockBytes);
    }

    /** The numbers of the blocks, ascending, that {@code other} must be given to hold what this one holds. */
    public List<Integer> missingIn(BlockSums other) {
        List<Integer> missing = new ArrayList<>();
        for (int block = 0; block < sums.length; block++) {
            boolean same = block < other.blocks()
                    && other.sums[block] == sums[block]
                    && other.bytesIn(block) == bytesIn(block);
            if (!same) {
                missing.add(block);
            }
        }
        return missing;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockSums that
                && that.blockBytes == blockBytes
                && that.length == length
                && Arrays.equals(that.sums, sums);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(length) + Arrays.hashCode(sums);
    }

    @Override
    public String toString() {
        return "%d sums over %d bytes".formatted(sums.length, length);
    }
}
