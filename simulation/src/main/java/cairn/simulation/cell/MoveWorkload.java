package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.CellReport;
import cairn.client.CellReport.ServerHealth;
import cairn.client.ChunkCheck;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.Retry;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.simulation.Fault;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An operator who drains chunkservers, takes that back and forgets those that are gone, while others work and things break. Servers that
 * join and flap come from the faults; disks fill just when something is to be moved to them.
 *
 * <p>When all is calm, one server that the cell can do without is drained, and must end empty; then it is filled again. As long as nothing has failed, no chunk
 * may ever have fewer live replicas than its goal.
 */
final class MoveWorkload implements Workload {

    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(3);

    /** A change of version with the slowest disks there are. */
    private static final Duration CHANGE_LIMIT = Duration.ofSeconds(20);

    /** A server that was in trouble again and again is given nothing that can wait for up to three minutes. */
    private static final Duration FILL_LIMIT = Duration.ofMinutes(6);

    /** More than twice the difference that is evened out. */
    private static final long FULL_BYTES = 256 << 10;

    private static final long LOOK_NANOS = 200_000_000L;
    private static final int STEPS_MAX = 40;

    /** What a replica is called that lies where it should. */
    private static final Set<String> THERE = Set.of("good", "leaving", "unproven");

    /** Also without faults, a member may be slower than the plan's patience. */
    private static final Set<Probe> FAILURES = EnumSet.of(
            Probe.MEMBER_REPORTED,
            Probe.PREPARE_FAILED,
            Probe.LEAD_FAILED,
            Probe.LEAD_FAILED_AT_MEMBER,
            Probe.LEADER_COMPLAINED_OF_AGAIN,
            Probe.SUSPECTED_LEADER_SILENT,
            Probe.SESSION_TAKEN_BACK, // it was late with an order (seeds 9600106, 9600648)
            Probe.SERVER_SILENT);

    private final Simulation simulation;
    private final Clients clients;
    private final CellPlan plan;
    private final Storm storm;
    private final SimRandom random;
    private final long pauseNanos;
    private boolean stopped;
    private boolean ended;
    private int drains;
    private int undrains;
    private int forgotten;
    private int emptied;
    private @Nullable ServerId lastDrained;

    /** @param storm knows whose disks are lost: only such a server is gone for good */
    MoveWorkload(Simulation simulation, Clients clients, CellPlan plan, Storm storm) {
        this.storm = storm;
        this.simulation = simulation;
        this.clients = clients;
        this.plan = plan;
        this.random = new SimRandom(simulation.seed()).stream("moves");
        this.pauseNanos = plan.storm().toNanos() / random.between(2, STEPS_MAX);
    }

    @Override
    public void start() {
        clients.start("operator", this::operate);
    }

    private void operate(Cairn cairn, World world) throws IOException {
        while (!stopped) {
            try {
                step(cairn, world);
            } catch (CairnException e) {
                expected(e);
            }
            world.time().sleep(1 + random.exponential(pauseNanos));
        }
        while (!undrainAll(cairn)) {
            world.time().sleep(LOOK_NANOS);
        }
        ended = true;
    }

    private void step(Cairn cairn, World world) throws CairnException {
        CellReport report = judgedReport(cairn, world);
        List<ServerHealth> servers = report.servers();
        if (servers.isEmpty()) {
            return;
        }
        ServerHealth server = servers.get((int) random.between(0, servers.size() - 1));
        if (random.chance(0.2)) {
            forgetLost(cairn);
        } else if (server.draining() && random.chance(0.7)) {
            cairn.drain(server.id(), false);
            undrains++;
        } else if (mayDrain(servers)) {
            cairn.drain(server.id(), true);
            drains++;
            if (random.coin()) {
                storm.aggravate(Fault.FULL); // what is moved has to find room elsewhere
            }
        }
    }

    /** Without faults, what is asked for can always be done at once; so it stays that way. */
    private boolean mayDrain(List<ServerHealth> servers) {
        long staying = servers.stream().filter(each -> !each.draining()).count();
        return !plan.faults().isEmpty() || staying > plan.replication();
    }

    /**
     * Without a failure, no chunk has too few replicas. But while members of an open chunk get what its new leader has, they do
     * not count: that is seen for as long as a change of version takes (seed 9510441).
     */
    private CellReport judgedReport(Cairn cairn, World world) throws CairnException {
        Map<ChunkHandle, Long> since = new TreeMap<>();
        CellReport report = cairn.report();
        while (report.chunksUnderReplicated() + report.chunksMissing() > 0 && !somethingFailed() && !stopped) {
            List<ChunkCheck> lacking = HealthCheck.lacking(cairn);
            since.keySet().retainAll(lacking.stream().map(ChunkCheck::handle).toList());
            lacking.forEach(
                    chunk -> since.putIfAbsent(chunk.handle(), world.time().nanos()));
            world.time().sleep(LOOK_NANOS); // until the master's next tick has told who is silent
            long latest = world.time().nanos() - CHANGE_LIMIT.toNanos();
            boolean changes = lacking.stream().allMatch(MoveWorkload::mayChangeLeader)
                    && since.values().stream().allMatch(nanos -> nanos - latest > 0);
            Violation.unless(
                    changes || somethingFailed(),
                    "nothing has failed, and chunks have too few replicas: %s in %s",
                    lacking,
                    report);
            report = cairn.report();
        }
        return report;
    }

    /** All copies are there, and one counts: the others may be about to get what that one has. */
    private static boolean mayChangeLeader(ChunkCheck chunk) {
        long there = chunk.replicas().stream()
                .filter(replica -> THERE.contains(replica.worth()))
                .count();
        return !chunk.sealed() && chunk.good() > 0 && there >= chunk.goal();
    }

    private boolean somethingFailed() {
        return !plan.faults().isEmpty()
                || FAILURES.stream().anyMatch(probe -> simulation.probes().of(probe) > 0);
    }

    private void forgetLost(Cairn cairn) throws CairnException {
        List<ServerId> lost = List.copyOf(storm.survivors().lostServers());
        if (!lost.isEmpty()) {
            cairn.forget(lost.get((int) random.between(0, lost.size() - 1)), true);
            forgotten++;
        }
    }

    private boolean undrainAll(Cairn cairn) {
        try {
            for (ServerHealth server : cairn.report().servers()) {
                if (server.draining()) {
                    cairn.drain(server.id(), false);
                }
            }
            return true;
        } catch (CairnException e) {
            expected(e);
            return false;
        }
    }

    private void expected(CairnException e) {
        simulation.tell("operator", "refused: " + e);
        boolean late = e.code() == ErrorCode.UNREACHABLE || e.code().retry() == Retry.SAME;
        boolean gone = e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.CONFLICT;
        Violation.unless(late || gone, "an operator is told: %s", e);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isFinished() {
        return ended;
    }

    @Override
    public void check(Cairn cairn) {
        World world = simulation.node("judge").world();
        long limit = world.time().nanos() + DRAIN_LIMIT.toNanos();
        String last = "";
        while (true) {
            try {
                if (isDrained(cairn) && undrainAll(cairn)) {
                    break;
                }
                last = cairn.report().toString();
            } catch (CairnException e) { // the network still has its whims
                last = String.valueOf(e.getMessage());
            }
            Violation.unless(
                    world.time().nanos() < limit,
                    "%s is drained and does not get empty: %s",
                    String.valueOf(lastDrained),
                    last);
            world.time().sleep(LOOK_NANOS);
        }
        if (storm.cell().evensOutAtOnce()) {
            awaitFilled(cairn, world);
        }
    }

    /** No server stays empty, the one just drained or one that has joined, while another has much. */
    private void awaitFilled(Cairn cairn, World world) {
        long limit = world.time().nanos() + FILL_LIMIT.toNanos();
        String last = "";
        while (true) {
            try {
                CellReport report = cairn.report();
                if (report.servers().stream().noneMatch(MoveWorkload::isEmpty)
                        || report.servers().stream().noneMatch(MoveWorkload::hasMuch)) {
                    return;
                }
                last = report.toString();
            } catch (CairnException e) {
                last = String.valueOf(e.getMessage());
            }
            Violation.unless(world.time().nanos() < limit, "a server stays empty, others are full: %s", last);
            world.time().sleep(LOOK_NANOS);
        }
    }

    private static boolean isEmpty(ServerHealth server) {
        return server.state().equals("live") && server.replicas() == 0;
    }

    private static boolean hasMuch(ServerHealth server) {
        long bytes = server.disks().stream().mapToLong(disk -> disk.usedBytes()).sum();
        return server.replicas() > 1 && bytes > FULL_BYTES;
    }

    /** One server that the cell can do without is drained, and empty; or there is none. */
    private boolean isDrained(Cairn cairn) throws CairnException {
        List<ServerHealth> live = cairn.report().servers().stream()
                .filter(server -> server.state().equals("live"))
                .toList();
        if (live.size() <= plan.replication()) {
            return true;
        }
        ServerId former = lastDrained;
        ServerId id = former != null
                ? former
                : live.get((int) random.between(0, live.size() - 1)).id();
        lastDrained = id;
        cairn.drain(id, true);
        boolean empty =
                live.stream().anyMatch(server -> server.id().equals(id) && server.draining() && server.replicas() == 0);
        emptied += empty ? 1 : 0;
        return empty;
    }

    @Override
    public String summary() {
        return "moves: %d drains, %d taken back, %d servers forgotten, %d emptied at the end"
                .formatted(drains, undrains, forgotten, emptied);
    }
}
