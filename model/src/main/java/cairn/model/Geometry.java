package cairn.model;

/**
 * The sizes a cell is built with. They are fixed when the cell is formatted, logged by the master and told to every
 * peer; the simulator uses small ones so that chunks roll all the time.
 *
 * @param chunkBytes largest chunk, in bytes (64 MiB, GFS 2.5)
 * @param blockBytes bytes under one stored checksum (64 KiB, GFS 5.2)
 */
public record Geometry(int chunkBytes, int blockBytes) {

    /** What every real cell uses. */
    public static final Geometry STANDARD = new Geometry(64 << 20, 64 << 10);

    public Geometry {
        Invariant.check(blockBytes > 0 && chunkBytes % blockBytes == 0, "a chunk is whole checksum blocks");
        Invariant.check(chunkBytes >= 4 * blockBytes, "a record of a quarter chunk holds a block");
    }

    /** Whether there can be such a geometry. */
    private static boolean fits(int chunkBytes, int blockBytes) {
        return blockBytes > 0 && chunkBytes % blockBytes == 0 && chunkBytes / blockBytes >= 4;
    }

    /** Why no cell has chunks and blocks of these sizes, or an empty string when one may. For sizes that others tell us. */
    public static String fault(int chunkBytes, int blockBytes) {
        return fits(chunkBytes, blockBytes) && chunkBytes <= STANDARD.chunkBytes
                ? ""
                : "no cell has chunks of " + chunkBytes + " bytes in blocks of " + blockBytes;
    }

    /** Largest record of an append: a quarter of a chunk bounds what an early seal leaves unused (GFS 3.3). */
    public int recordBytesMax() {
        return chunkBytes / 4;
    }

    /** Blocks in a full chunk. */
    public int blocksMax() {
        return chunkBytes / blockBytes;
    }

    /** Checksum blocks that {@code length} bytes from the start of a chunk touch. */
    public int blocksFor(long length) {
        return (int) ((length + blockBytes - 1) / blockBytes);
    }
}
