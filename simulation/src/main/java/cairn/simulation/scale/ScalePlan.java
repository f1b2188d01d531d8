package cairn.simulation.scale;

/**
 * How large a cell is. All chunks are sealed, wanted three times, and equally long.
 *
 * @param servers chunkservers at the start
 * @param perRack of them on a rack
 * @param replicas that each of them holds, about
 * @param chunkBytes of each chunk
 * @param rateBytes a second of one copy
 * @param first replicas that the first server holds at least, on a larger disk if need be: it is the one that dies
 * @param shared chunks of which the first two servers both hold a replica; 0: as it comes
 * @param charged whether the CPU time of the master passes in the simulated world
 */
record ScalePlan(
        long seed,
        int servers,
        int perRack,
        int replicas,
        long chunkBytes,
        long rateBytes,
        int first,
        int shared,
        boolean charged) {

    static final int GOAL = 3;
    static final int CHUNKS_PER_FILE = 10;
    static final int FILES_PER_DIRECTORY = 1_000;

    /** GFS 6.2.5: 600 GB in 15,000 chunks. */
    static final long CHUNK_BYTES = 40_000_000;

    static final int REPLICAS = 15_000;

    /** GFS 6.2.5: 50 Mbit/s for each copy. */
    static final long RATE_BYTES = 6_250_000;

    /** Two fifths of a server's disk are free. */
    private static final double FILLED = 0.6;

    int chunks() {
        return Math.max(1, (int) ((long) servers * replicas / GOAL));
    }

    int files() {
        return (chunks() + CHUNKS_PER_FILE - 1) / CHUNKS_PER_FILE;
    }

    long diskBytes(int server) {
        return (long) ((server == 0 ? Math.max(first, replicas) : replicas) * chunkBytes / FILLED);
    }

    String rackOf(int server) {
        return "rack" + server / perRack;
    }
}
