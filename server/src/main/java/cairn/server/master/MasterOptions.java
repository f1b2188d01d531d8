package cairn.server.master;

import cairn.log.LogOptions;
import cairn.master.MasterSettings;
import cairn.model.Geometry;
import cairn.model.Invariant;
import cairn.model.Limits;
import cairn.model.Patience;
import cairn.model.ServerAddress;
import cairn.model.proof.Rule;
import java.time.Duration;
import java.util.Set;

/**
 * What a master is started with. All fields are fixed for its life.
 *
 * @param directory its data directory, created when missing; an existing cell there goes on
 * @param listen where to listen; port 0 takes a free one
 * @param geometry of a cell that is made now (default 64 MiB chunks, 64 KiB blocks); an existing one keeps its own
 * @param replication what files of a new cell get that nobody says otherwise for (default 3)
 * @param topology where chunkservers are (default: where they say)
 * @param settings times and bounds of decisions
 * @param log sizes of segments and batches
 * @param checkpointBytes a checkpoint is made after so much new log (default 64 MiB)
 * @param checkpointEvery a checkpoint is made this long after the last one, if anything changed (default 1 h)
 * @param tick how often the core is told that time has passed (default 100 ms)
 * @param prepareTimeout of PREPARE, DROP and SEAL (default 5 s; a server that hangs is found sooner, by its pulse)
 * @param probeTimeout of PING to a suspected server (default 600 ms)
 * @param leadTimeout of LEAD, beyond the wait that it carries (default 30 s: a whole chunk may have to be copied)
 * @param cloneTimeout of CLONE (default 2 min)
 * @param quickOrdersMax PREPARE, PING, DROP and SEAL under way at a time at one server (default 32)
 * @param leadsMax LEAD under way at a time at one server (default 128): each may have to wait for a serving term
 * @param clonesMax CLONE under way at a time (default 2048: the core bounds them, this is what it can never
 *     pass in a cell of 5,000 servers)
 */
public record MasterOptions(
        String directory,
        ServerAddress listen,
        Geometry geometry,
        int replication,
        Topology topology,
        MasterSettings settings,
        LogOptions log,
        long checkpointBytes,
        Duration checkpointEvery,
        Duration tick,
        Duration prepareTimeout,
        Duration probeTimeout,
        Duration leadTimeout,
        Duration cloneTimeout,
        int quickOrdersMax,
        int leadsMax,
        int clonesMax) {

    public MasterOptions {
        Invariant.check(
                replication >= 1 && replication <= Limits.REPLICATION_MAX,
                "replication %d is not between 1 and %d",
                replication,
                Limits.REPLICATION_MAX);
    }

    /** The defaults of a production master. */
    public static MasterOptions of(String directory, ServerAddress listen) {
        return new MasterOptions(
                directory,
                listen,
                Geometry.STANDARD,
                3,
                Topology.AS_SERVERS_SAY,
                MasterSettings.DEFAULT,
                LogOptions.DEFAULT,
                64L << 20,
                Duration.ofHours(1),
                Duration.ofNanos(Patience.MASTER_TICK_NANOS),
                Duration.ofNanos(Patience.PREPARE_NANOS),
                Duration.ofNanos(Patience.PROBE_NANOS),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                32,
                128,
                2048);
    }

    public MasterOptions withGeometry(Geometry sizes) {
        return with(sizes, replication, topology, settings);
    }

    public MasterOptions withReplication(int copies) {
        return with(geometry, copies, topology, settings);
    }

    public MasterOptions withSettings(MasterSettings other) {
        return with(geometry, replication, topology, other);
    }

    public MasterOptions withTopology(Topology other) {
        return with(geometry, replication, other, settings);
    }

    /** For tests of tests. */
    public MasterOptions breaking(Set<Rule> rules) {
        return withSettings(settings.breaking(rules)).withLog(log.breaking(rules));
    }

    private MasterOptions with(Geometry sizes, int copies, Topology racks, MasterSettings other) {
        return new MasterOptions(
                directory,
                listen,
                sizes,
                copies,
                racks,
                other,
                log,
                checkpointBytes,
                checkpointEvery,
                tick,
                prepareTimeout,
                probeTimeout,
                leadTimeout,
                cloneTimeout,
                quickOrdersMax,
                leadsMax,
                clonesMax);
    }

    public MasterOptions withLog(LogOptions sizes) {
        return withCheckpoints(sizes, checkpointBytes, checkpointEvery);
    }

    public MasterOptions withCheckpoints(LogOptions sizes, long bytes, Duration every) {
        return new MasterOptions(
                directory,
                listen,
                geometry,
                replication,
                topology,
                settings,
                sizes,
                bytes,
                every,
                tick,
                prepareTimeout,
                probeTimeout,
                leadTimeout,
                cloneTimeout,
                quickOrdersMax,
                leadsMax,
                clonesMax);
    }
}
