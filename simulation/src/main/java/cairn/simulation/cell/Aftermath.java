package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.CellReport;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.simulation.check.ChecksumCheck;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.time.Duration;
import java.util.List;

/** What a judge waits for once faults have stopped, each within a bound: that the cell is what it was before, and better known. */
final class Aftermath {

    /** Every server is back and has told the master what it has. */
    private static final Duration CALM_LIMIT = Duration.ofMinutes(1);

    /**
     * Once every server is back and clients have found all they wrote, every chunk has as many good replicas as its goal asks
     * for within this time: some dozens of chunks of 64 KiB, two clones at a time for each server, each of which may take
     * seconds on the slowest networks and has to be tried again after half a minute if it breaks off.
     */
    private static final Duration HEALING = Duration.ofMinutes(3);

    /** A server is written off before it can be forgotten. */
    private static final Duration FORGETTING = Duration.ofMinutes(2);

    /** As many replicas, read at the full rate on the slowest disks. */
    private static final Duration SCRUBBING = Duration.ofMinutes(2);

    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final int hosts;
    private final ChecksumCheck checksums;
    private final Cairn cairn;
    private final World world;
    private List<ServerAddress> servers = List.of();

    /** @param hosts how many chunkservers there are */
    Aftermath(int hosts, ChecksumCheck checksums, Cairn cairn, World world) {
        this.hosts = hosts;
        this.checksums = checksums;
        this.cairn = cairn;
        this.world = world;
    }

    /** An operator says of servers whose disks are all lost that they never come back; the cell had better not wait for them. */
    void forgetLost(Survivors survivors) {
        await(FORGETTING, "a server that is gone for good cannot be forgotten", () -> {
            for (ServerId server : survivors.lostServers()) {
                forget(server);
            }
            return true;
        });
    }

    private void forget(ServerId server) throws CairnException {
        try {
            cairn.forget(server, true);
        } catch (CairnException e) {
            if (e.code() != ErrorCode.NOT_FOUND) { // forgotten before, or its answer was lost
                throw e;
            }
        }
    }

    /** The master can be asked, and has heard of every chunkserver again. */
    void awaitCalm() {
        await(CALM_LIMIT, "the master does not see all chunkservers live", () -> {
            servers = cairn.report().servers().stream()
                    .filter(server -> server.state().equals("live"))
                    .map(CellReport.ServerHealth::address)
                    .toList();
            return servers.size() == hosts;
        });
    }

    /** Every server reads all that it holds, and what is found damaged is put out of use. */
    void scrub() {
        for (ServerAddress server : servers) {
            await(SCRUBBING, "scrubbing of " + server + " cannot be asked for", () -> {
                cairn.scrubAll(server);
                return true;
            });
        }
        for (ServerAddress server : servers) {
            await(
                    SCRUBBING,
                    "scrubbing of " + server + " is not over",
                    () -> cairn.scrubProgress(server).waiting() == 0);
        }
        long deadline = world.time().nanos() + HEALING.toNanos();
        while (!checksums.isSettled() && world.time().nanos() < deadline) {
            world.time().sleep(PAUSE_NANOS);
        }
        checksums.judgeSettled();
    }

    /** The master thinks that every chunk has as many good replicas as its goal asks for. */
    void awaitWhole() {
        await(HEALING, "goals are not restored", () -> {
            CellReport report = cairn.report();
            return report.chunksMissing() + report.chunksUnderReplicated() == 0;
        });
    }

    /** Something that is to hold. */
    private interface Goal {
        boolean isReached() throws CairnException;
    }

    /** The network still has its whims: what fails is tried again. */
    private void await(Duration limit, String problem, Goal goal) {
        long deadline = world.time().nanos() + limit.toNanos();
        String why = "";
        while (true) {
            try {
                if (goal.isReached()) {
                    return;
                }
            } catch (CairnException e) {
                why = ": " + e.getMessage();
            }
            if (world.time().nanos() >= deadline) {
                throw new Violation("%s after %s%s; %s".formatted(problem, limit, why, report()));
            }
            world.time().sleep(PAUSE_NANOS);
        }
    }

    private String report() {
        try {
            return cairn.report() + HealthCheck.whatIsWrong(cairn);
        } catch (CairnException e) {
            return "no report: " + e.getMessage();
        }
    }
}
