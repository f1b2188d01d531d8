package cairn.server.chunk;

import cairn.model.Invariant;
import java.time.Duration;

/**
 * What a chunkserver's work in the background may take. Whatever these say, clients that are at work keep at least half of what
 * the server moves ({@link Traffic}).
 *
 * @param scrubEvery every replica is verified at least this often
 * @param scrubRateMax bytes a second that scrubbing reads at most, when it is behind or was asked for
 * @param copyRateMax bytes a second of copies that this server takes, and again of those that it gives, and of those from disk to disk
 * @param unevenDisksMax disks are evened out when one is fuller than another by more than this share of what it can hold, until they
 *     differ by no more than half of it
 */
public record Upkeep(Duration scrubEvery, long scrubRateMax, long copyRateMax, double unevenDisksMax) {

    /**
     * Two weeks: a bad sector is found while the other replicas are most likely well, and a full disk of 4 TB needs 4 MB/s,
     * a fiftieth of what it can read. HDFS takes three weeks, ZFS pools are commonly scrubbed once in two to four.
     */
    public static final Upkeep DEFAULT = new Upkeep(Duration.ofDays(14), 32L << 20, 128L << 20, 0.1);

    /** Slower than this, repair would not keep up with what breaks. */
    static final long RATE_MIN = 4L << 20;

    public Upkeep {
        Invariant.check(scrubEvery.isPositive(), "scrubbing takes some time");
        Invariant.check(scrubRateMax > 0 && copyRateMax > 0, "work in the background gets on");
    }

    public Upkeep withScrub(Duration every, long rateMax) {
        return new Upkeep(every, rateMax, copyRateMax, unevenDisksMax);
    }

    public Upkeep withCopyRate(long rateMax) {
        return new Upkeep(scrubEvery, scrubRateMax, rateMax, unevenDisksMax);
    }

    public Upkeep withUnevenDisksMax(double share) {
        return new Upkeep(scrubEvery, scrubRateMax, copyRateMax, share);
    }
}
