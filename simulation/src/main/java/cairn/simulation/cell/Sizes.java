package cairn.simulation.cell;

import cairn.log.LogOptions;
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
 */
record Sizes(LogOptions log, long checkpointBytes, Duration checkpointEvery, StoreOptions store, Upkeep upkeep) {

    static Sizes draw(long seed) {
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
        return new Sizes(log, checkpointBytes, checkpointEvery, store, upkeep);
    }
}
