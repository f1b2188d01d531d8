package cairn.simulation;

import cairn.model.Patience;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What the world does by itself. {@link #swarm} draws a different climate from each seed, because faults hide each other:
 * a run with every fault at a middling rate never reaches what a run with one fault at a high rate reaches at once.
 * Printed in one line; times in nanoseconds, rates as probabilities for each operation.
 *
 * @param stepNanos what one scheduling step costs: computing takes time here too, so that busy loops end
 */
public record SimOptions(Network network, Storage disk, Clocks clock, Chaos chaos, long stepNanos) {

    private static final long STEP_NANOS = 200;
    private static final double EXTREME_SHARE = 0.1;
    private static final long SHORT_NANOS = 50_000;
    private static final long MILLION = 1_000_000;

    /**
     * Connections.
     *
     * @param delayMinNanos least time on the way
     * @param delayMeanNanos what comes on top, on average (exponential)
     * @param lossRate packets that are retransmitted, which takes 200 ms each time
     * @param cutRate writes in the middle of which the connection breaks
     * @param splitRate writes that are taken in more than one piece
     * @param shortReadRate reads that return less than there is
     * @param vanishRate writes after which nothing of the connection arrives any more, in either direction
     * @param ghostRate connections whose requests come once more, later, on a connection of their own
     * @param bufferBytes what one direction holds in flight and unread; writers block beyond
     */
    public record Network(
            long delayMinNanos,
            long delayMeanNanos,
            double lossRate,
            double cutRate,
            double vanishRate,
            double ghostRate,
            double splitRate,
            double shortReadRate,
            int bufferBytes) {

        static Network swarm(SimRandom random) {
            return new Network(
                    random.logarithmic(1_000, 1_000_000),
                    random.logarithmic(1_000, 50_000_000),
                    rate(random, 0.05),
                    rate(random, 0.002),
                    rate(random, 0.001),
                    rate(random, 0.3),
                    rate(random, 0.3),
                    rate(random, 0.3),
                    (int) random.logarithmic(1 << 10, 1 << 20));
        }

        /** Without what is not wanted: delays are short, and the rest does not happen. */
        public Network only(Predicate<Fault> wanted) {
            boolean late = wanted.test(Fault.DELAY);
            return new Network(
                    late ? delayMinNanos : SHORT_NANOS,
                    late ? delayMeanNanos : SHORT_NANOS,
                    wanted.test(Fault.LOSS) ? lossRate : 0,
                    wanted.test(Fault.CUT) ? cutRate : 0,
                    wanted.test(Fault.HALF_OPEN) ? vanishRate : 0,
                    wanted.test(Fault.GHOST) ? ghostRate : 0,
                    splitRate,
                    shortReadRate,
                    bufferBytes);
        }

        public Network withCuts(double cuts) {
            return with(cuts, vanishRate, ghostRate);
        }

        public Network withVanishing(double vanishing) {
            return with(cutRate, vanishing, ghostRate);
        }

        public Network withGhosts(double ghosts) {
            return with(cutRate, vanishRate, ghosts);
        }

        private Network with(double cuts, double vanishing, double ghosts) {
            return new Network(
                    delayMinNanos,
                    delayMeanNanos,
                    lossRate,
                    cuts,
                    vanishing,
                    ghosts,
                    splitRate,
                    shortReadRate,
                    bufferBytes);
        }

        public Network withDelays(Duration least, Duration meanOnTop) {
            return new Network(
                    least.toNanos(),
                    meanOnTop.toNanos(),
                    lossRate,
                    cutRate,
                    vanishRate,
                    ghostRate,
                    splitRate,
                    shortReadRate,
                    bufferBytes);
        }

        public Network withBuffer(int bytes) {
            return new Network(
                    delayMinNanos,
                    delayMeanNanos,
                    lossRate,
                    cutRate,
                    vanishRate,
                    ghostRate,
                    splitRate,
                    shortReadRate,
                    bytes);
        }
    }

    /**
     * Disks.
     *
     * @param delayMeanNanos an operation, on average (exponential)
     * @param syncMeanNanos a sync, on average (exponential)
     * @param splitRate writes done in two pieces, between which a crash or a reader can come
     * @param errorRate operations that fail with an {@link InjectedFault}; 0 unless asked for
     * @param rotRate reads that find a flipped bit, for good; 0 unless asked for
     * @param tears whether a power loss may keep the first part of a write
     * @param disorders whether a power loss may keep a later change and lose an earlier one
     */
    public record Storage(
            long delayMeanNanos,
            long syncMeanNanos,
            double splitRate,
            double errorRate,
            double rotRate,
            boolean tears,
            boolean disorders) {

        static Storage swarm(SimRandom random) {
            return new Storage(
                    random.logarithmic(1_000, 5_000_000),
                    random.logarithmic(10_000, 100_000_000),
                    rate(random, 0.3),
                    0,
                    0,
                    true,
                    true);
        }

        public Storage withErrors(double errors) {
            return new Storage(delayMeanNanos, syncMeanNanos, splitRate, errors, rotRate, tears, disorders);
        }

        public Storage withRot(double rot) {
            return new Storage(delayMeanNanos, syncMeanNanos, splitRate, errorRate, rot, tears, disorders);
        }

        public Storage withDelays(Duration operation, Duration sync) {
            return new Storage(operation.toNanos(), sync.toNanos(), splitRate, errorRate, rotRate, tears, disorders);
        }

        public Storage withPowerLoss(boolean torn, boolean disordered) {
            return new Storage(delayMeanNanos, syncMeanNanos, splitRate, errorRate, rotRate, torn, disordered);
        }
    }

    /**
     * Clocks; each host draws its own within these bounds.
     *
     * @param driftMaxPpm how much faster or slower than true a monotonic clock may run, in parts of a million
     * @param wallSkewMaxMillis how wrong a wall clock may be
     */
    public record Clocks(long driftMaxPpm, long wallSkewMaxMillis) {

        private static final long UPTIME_MAX_NANOS = 1L << 50; // 13 days

        /** Of any two clocks within it, none gains more on the other than the master reckons with. */
        public static final long DRIFT_MAX_PPM = MILLION / (2 * Patience.DRIFT_SHARE + 1);

        static Clocks swarm(SimRandom random) {
            return random.coin() ? new Clocks(0, 0) : new Clocks(random.logarithmic(1, DRIFT_MAX_PPM), 3_000);
        }

        SimClock draw(SimScheduler scheduler, SimRandom random) {
            return new SimClock(
                    scheduler,
                    random.between(0, UPTIME_MAX_NANOS),
                    random.between(-driftMaxPpm, driftMaxPpm),
                    random.between(-wallSkewMaxMillis, wallSkewMaxMillis));
        }
    }

    /**
     * What a {@link Nemesis} does: mean times between two deeds of a kind, zero for never.
     *
     * @param crashEvery a process dies, or with one chance in four a host's power
     * @param downMean how long it stays away
     * @param partitionEvery the hosts are split, in both directions or one
     * @param partitionMean for how long
     * @param pauseEvery a process is stopped
     * @param pauseMean for how long
     */
    public record Chaos(
            Duration crashEvery,
            Duration downMean,
            Duration partitionEvery,
            Duration partitionMean,
            Duration pauseEvery,
            Duration pauseMean) {

        static final Chaos NONE =
                new Chaos(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

        static Chaos swarm(SimRandom random) {
            return new Chaos(
                    sometimes(random, 500, 60_000),
                    millis(random, 1, 20_000),
                    sometimes(random, 1_000, 60_000),
                    millis(random, 10, 20_000),
                    sometimes(random, 500, 60_000),
                    millis(random, 1, 20_000));
        }

        private static Duration sometimes(SimRandom random, long least, long most) {
            Duration every = millis(random, least, most);
            return random.chance(0.3) ? Duration.ZERO : every;
        }

        private static Duration millis(SimRandom random, long least, long most) {
            return Duration.ofMillis(random.logarithmic(least, most));
        }
    }

    /** No faults, short delays: for the first steps of a workload, and for tests of one fault. */
    public static SimOptions calm() {
        return new SimOptions(
                new Network(20_000, 50_000, 0, 0, 0, 0, 0, 0, 64 << 10),
                new Storage(50_000, 200_000, 0, 0, 0, true, true),
                new Clocks(0, 0),
                Chaos.NONE,
                STEP_NANOS);
    }

    /** A climate of its own for each seed. */
    public static SimOptions swarm(long seed) {
        SimRandom random = new SimRandom(seed).stream("options");
        return new SimOptions(
                Network.swarm(random.stream("network")),
                Storage.swarm(random.stream("disk")),
                Clocks.swarm(random.stream("clock")),
                Chaos.swarm(random.stream("chaos")),
                STEP_NANOS);
    }

    /** These options with another network: {@code options.network(n -> n.withCuts(0.01))}. */
    public SimOptions network(UnaryOperator<Network> change) {
        return new SimOptions(change.apply(network), disk, clock, chaos, stepNanos);
    }

    /** These options with other disks. */
    public SimOptions disk(UnaryOperator<Storage> change) {
        return new SimOptions(network, change.apply(disk), clock, chaos, stepNanos);
    }

    /** These options with other clocks. */
    public SimOptions clock(Clocks other) {
        return new SimOptions(network, disk, other, chaos, stepNanos);
    }

    /** These options with other chaos. */
    public SimOptions chaos(Chaos other) {
        return new SimOptions(network, disk, clock, other, stepNanos);
    }

    /** Off half of the time; else every order of magnitude from a thousandth of {@code most} up. */
    private static double rate(SimRandom random, double most) {
        double drawn = most * StrictMath.pow(10, -3 * random.fraction());
        return random.coin() ? 0 : random.chance(EXTREME_SHARE) ? most : drawn;
    }
}
