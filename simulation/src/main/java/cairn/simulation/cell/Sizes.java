package cairn.simulation.cell;

import cairn.log.LogOptions;
import cairn.master.MasterSettings;
import cairn.server.chunk.Upkeep;
import cairn.simulation.SimRandom;
import cairn.store.StoreOptions;
import java.time.Duration;

/**
 * Sizes of the servers' files, drawn from the seed: mostly tiny, so that what is rare in a real cell happens all the time.
 *
 * @param checkpointBytes a checkpoint is made after so much new log
 * @param checkpointEvery or after this time
 * @param upkeep rounds of scrubbing are mostly never over within a storm; here they may be
 * @param unevenMax servers are evened out when they differ by more; in runs that are about it, by a few of the tiny chunks of a large disk
 */
record Sizes(
        LogOptions log,
        long checkpointBytes,
        Duration checkpointEvery,
        StoreOptions store,
        Upkeep upkeep,
        double unevenMax) {

    /** Of a disk of a TiB: a chunk or two of 64 KiB. */
    private static final double SOME_CHUNKS = 1e-7;

    /** Of such a disk: whenever a move makes disks more even, it is made. */
    private static final double A_BYTE = 1e-12;

    /** @param moving whether this run is about replicas that move */
    static Sizes draw(long seed, boolean moving) {
        SimRandom random = new SimRandom(seed).stream("sizes");
        LogOptions log = random.chance(0.3)
                ? LogOptions.DEFAULT
                : new LogOptions(1L << random.between(9, 14), 1 << random.between(8, 20));
        long checkpointBytes = 1L << random.between(9, 16);
        Duration checkpointEvery = Duration.ofMillis(random.between(500, 30_000));
        int soft = 1 << random.between(8, 20);
        StoreOptions store = StoreOptions.STANDARD
                .withJournal(soft, soft << random.between(0, 4))
                .withOpenFiles(1 << random.between(0, 10));
        Upkeep upkeep = random.coin()
                ? Upkeep.DEFAULT
                : Upkeep.DEFAULT.withScrub(Duration.ofSeconds(random.between(1, 60)), 1L << random.between(20, 25));
        double unevenMax = moving && random.chance(0.7) ? SOME_CHUNKS : MasterSettings.DEFAULT.unevenMax();
        upkeep = upkeep.withUnevenDisksMax(random.chance(0.7) ? A_BYTE : upkeep.unevenDisksMax());
        return new Sizes(log, checkpointBytes, checkpointEvery, store, upkeep, unevenMax);
    }
}
