package cairn.simulation;

import cairn.world.Entropy;

/**
 * Seeded randomness, the same on every JVM (SplitMix64, written out here because the JDK does not promise to keep its
 * own algorithms). Each concern draws from its own stream, so that one more draw for a disk does not reorder threads.
 */
public final class SimRandom implements Entropy {

    private static final double END_SHARE = 0.05;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private final long seed;
    private long state;

    public SimRandom(long seed) {
        this.seed = seed;
        this.state = mix(seed + GOLDEN_GAMMA);
    }

    /** An independent stream for {@code purpose}; the same one whatever was drawn from this stream. */
    public SimRandom stream(String purpose) {
        long hash = seed;
        for (int i = 0; i < purpose.length(); i++) {
            hash = mix(hash + GOLDEN_GAMMA + purpose.charAt(i));
        }
        return new SimRandom(hash);
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** A number from {@code least} to {@code most}, both possible. */
    public long between(long least, long most) {
        return least + Long.remainderUnsigned(nextLong(), most - least + 1);
    }

    /** Every order of magnitude is as likely as any other; and the two ends, where code breaks, come by themselves too. */
    public long logarithmic(long least, long most) {
        double where = fraction();
        if (where < END_SHARE) {
            return least;
        }
        if (where >= 1 - END_SHARE) {
            return most;
        }
        return (long) (least * StrictMath.pow((double) most / least, (where - END_SHARE) / (1 - 2 * END_SHARE)));
    }

    /** A number from 0 to just below 1. */
    public double fraction() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    public boolean chance(double probability) {
        return probability > 0 && fraction() < probability;
    }

    public boolean coin() {
        return nextLong() < 0;
    }

    /** Exponentially distributed around {@code mean}, at most 20 times the mean. */
    public long exponential(long mean) {
        double factor = -StrictMath.log(1 - fraction());
        return (long) (mean * Math.min(factor, 20));
    }

    static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
