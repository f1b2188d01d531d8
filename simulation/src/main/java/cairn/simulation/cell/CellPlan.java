package cairn.simulation.cell;

import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.Retry;
import cairn.simulation.Fault;
import cairn.simulation.SimOptions;
import cairn.simulation.SimRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The shape of one run, drawn from its seed: limits at their extremes included.
 *
 * @param replication copies of each chunk
 * @param synced whether every mutation is on disk before it is acknowledged; only then may any host lose power, because
 *     the default class allows to lose what all members of a version lose at once
 * @param acknowledgeWithin when a member counts as failed; short ones leave readers time to find it stale
 * @param clientBytes what a client may have under way
 * @param storm how long faults are done
 * @param paces how often those are done that the world does not do by itself
 */
record CellPlan(
        int chunkServers,
        int disks,
        int racks,
        int replication,
        Geometry geometry,
        boolean synced,
        Duration operationTimeout,
        Duration sealAfterIdle,
        Duration acknowledgeWithin,
        int clientBytes,
        Duration storm,
        Set<Fault> faults,
        Map<Fault, Pace> paces,
        SimOptions options) {

    private static final int CHUNK_BYTES = 64 << 10;

    /** Drawn from a stream of their own: they changed nothing of the plans that seeds had before. */
    private static final Set<Fault> NEWER = EnumSet.of(Fault.FLAP, Fault.JOIN);

    static CellPlan draw(long seed, Set<Fault> allowed) {
        SimRandom random = new SimRandom(seed).stream("plan");
        int servers = (int) random.between(3, 5);
        int disks = (int) random.between(1, 2);
        int racks = (int) random.between(1, 3);
        int replication = random.chance(0.2) ? 2 : 3;
        Geometry geometry = new Geometry(CHUNK_BYTES, random.coin() ? 1 << 10 : 4 << 10);
        boolean synced = random.chance(0.25);
        Duration timeout = Duration.ofSeconds(random.chance(0.3) ? random.between(3, 10) : random.between(20, 60));
        Duration idle = Duration.ofSeconds(random.coin() ? random.between(1, 3) : 60);
        Duration acknowledge = Duration.ofMillis(random.coin() ? 2500 : random.between(300, 1000));
        int clientBytes = 1 << random.between(12, 20);
        Duration storm = Duration.ofMillis(random.between(2_000, 30_000));
        SimRandom newer = new SimRandom(seed).stream("newer faults");
        Set<Fault> faults = someOf(allowed, random, newer);
        SimOptions options = climate(seed, faults);
        return new CellPlan(
                servers,
                disks,
                racks,
                replication,
                geometry,
                synced,
                timeout,
                idle,
                acknowledge,
                clientBytes,
                storm,
                faults,
                paces(random, newer),
                options);
    }

    /** Of the faults a few, many or nearly all: each hides others. What is not allowed changes nothing of what is drawn. */
    private static Set<Fault> someOf(Set<Fault> allowed, SimRandom random, SimRandom newer) {
        double share = random.fraction();
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if ((NEWER.contains(fault) ? newer : random).chance(share) && allowed.contains(fault)) {
                faults.add(fault);
            }
        }
        return faults;
    }

    private static Map<Fault, Pace> paces(SimRandom random, SimRandom newer) {
        Map<Fault, Pace> paces = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            paces.put(fault, Pace.draw(NEWER.contains(fault) ? newer : random));
        }
        return paces;
    }

    /** The climate of the seed, without the faults that are off. */
    private static SimOptions climate(long seed, Set<Fault> faults) {
        SimOptions drawn = SimOptions.swarm(seed);
        SimOptions.Clocks clocks = drawn.clock();
        return drawn.network(network -> network.only(faults::contains))
                .disk(disk -> disk.withPowerLoss(faults.contains(Fault.TORN), faults.contains(Fault.DISORDER)))
                .clock(new SimOptions.Clocks(
                        faults.contains(Fault.DRIFT) ? clocks.driftMaxPpm() : 0,
                        faults.contains(Fault.SKEW) ? clocks.wallSkewMaxMillis() : 0));
    }

    /** The same, not larger than {@code limits}. */
    CellPlan within(Limits limits) {
        return new CellPlan(
                Math.max(replication, limits.at(Limit.SERVERS, chunkServers)),
                limits.at(Limit.DISKS, disks),
                racks,
                replication,
                geometry,
                synced,
                operationTimeout,
                sealAfterIdle,
                acknowledgeWithin,
                clientBytes,
                Duration.ofMillis(limits.at(Limit.STORM, storm.toMillis())),
                faults,
                paces,
                options);
    }

    /** Whether something may lose or change bytes that were written. */
    boolean harmsBytes() {
        return faults.stream().anyMatch(fault -> fault.zone() == Fault.Zone.DISK);
    }

    boolean has(Fault fault) {
        return faults.contains(fault);
    }

    /**
     * What a call may end in while the storm lasts: nobody answered for too long, there was no space or no replica; or all
     * replicas that are here are bad.
     */
    boolean mayFail(ErrorCode code) {
        boolean damages = has(Fault.ROT) || has(Fault.MISREAD) || has(Fault.MISDIRECTED);
        return code == ErrorCode.UNREACHABLE || code.retry() == Retry.SAME || (damages && code == ErrorCode.CORRUPT);
    }

    Pace pace(Fault fault) {
        return Objects.requireNonNull(paces.get(fault));
    }

    @Override
    public String toString() {
        return "%d chunkservers of %d disks in %d racks, %d copies, blocks of %d, %s, timeout %s, storm of %s: %s"
                .formatted(
                        chunkServers,
                        disks,
                        racks,
                        replication,
                        geometry.blockBytes(),
                        synced ? "synced" : "replicated",
                        operationTimeout,
                        storm,
                        faults);
    }
}
