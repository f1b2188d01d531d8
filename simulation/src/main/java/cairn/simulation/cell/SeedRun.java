package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.model.Invariant;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.simulation.Fault;
import cairn.simulation.Simulation;
import cairn.simulation.SimulationFailure;
import cairn.simulation.check.ChecksumCheck;
import cairn.simulation.check.SplitBrainCheck;
import cairn.simulation.check.StaleReadCheck;
import cairn.simulation.check.SurvivalCheck;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The life of one seed: a cell starts, clients work while a storm goes over it, all comes to rest, judges look. */
public final class SeedRun {

    /** Once faults stop, everything that was begun completes within this time. */
    private static final Duration LIVENESS = Duration.ofSeconds(150);

    private static final Duration JUDGE_LIMIT = Duration.ofMinutes(15);

    /**
     * What to run.
     *
     * @param broken rules that are switched off, to see whether that is noticed
     */
    public record Request(long seed, WorkloadKind workload, Set<Fault> faults, Set<Rule> broken, Limits limits) {

        /** As large as the seed says. */
        public Request(long seed, WorkloadKind workload, Set<Fault> faults, Set<Rule> broken) {
            this(seed, workload, faults, broken, Limits.NONE);
        }

        /** The same with other rules switched off. */
        public Request breaking(Set<Rule> rules) {
            return new Request(seed, workload, faults, rules, limits);
        }
    }

    /**
     * How it went.
     *
     * @param failure empty when no promise was broken
     * @param crashed it failed because some code fell over, not because a promise or an invariant was broken
     * @param beyond what went wrong that nobody promised: damage was all that was left of a chunk; mostly empty
     * @param faults how often each took effect; does not change
     * @param probes how often each branch that handles a fault was taken; does not change
     */
    public record Result(
            Request request,
            String failure,
            boolean crashed,
            String beyond,
            long hash,
            long simulatedNanos,
            long steps,
            Map<Fault, Long> faults,
            Map<Probe, Long> probes,
            String summary) {

        public boolean failed() {
            return !failure.isEmpty();
        }
    }

    private final CellPlan plan;
    private final Simulation simulation;
    private final SimulatedCell cell;
    private final Clients clients;
    private final Storm storm;
    private final List<Workload> workloads;
    private final HealthCheck health = new HealthCheck();
    private final ReplicaSurvey replicas;
    private final SplitBrainCheck primaries;
    private final StaleReadCheck reads;
    private final ChecksumCheck checksums;
    private boolean lookedAfter;
    private boolean judged;

    private SeedRun(Request request, CellPlan plan, Simulation simulation) {
        this.plan = plan;
        this.simulation = simulation;
        this.cell = new SimulatedCell(simulation, plan, request.broken(), request.workload() == WorkloadKind.MOVES);
        this.clients = new Clients(simulation, plan, request.limits(), request.broken(), cell.chunkHosts());
        this.storm = new Storm(simulation, plan, cell);
        this.workloads = request.workload().make(simulation, clients, plan, storm);
        SurvivalCheck survival = new SurvivalCheck(plan.synced());
        this.checksums = new ChecksumCheck(plan.harmsBytes(), simulation::fail);
        this.cell.onRestart(checksums::restarted);
        this.replicas = new ReplicaSurvey(
                simulation, plan, storm.survivors(), new ReplicaSurvey.Judges(survival, checksums, health));
        this.primaries = new SplitBrainCheck(simulation::fail, plan.synced());
        this.reads = new StaleReadCheck(simulation::fail);
        simulation.addWitness(primaries);
        simulation.addWitness(reads);
        simulation.addWitness(survival);
        simulation.addWitness(checksums);
    }

    /** @param trace where to print every event; null for nowhere */
    public static Result run(Request request, @Nullable PrintStream trace) {
        CellPlan plan = CellPlan.draw(request.seed(), request.faults()).within(request.limits());
        try (Simulation simulation = new Simulation(request.seed(), plan.options())) {
            if (trace != null) {
                trace.println(plan);
                simulation.traceTo(trace);
            }
            SeedRun run = new SeedRun(request, plan, simulation);
            AssertionError failure = run.toEnd();
            String trouble = failure == null
                    ? ""
                    : describe(failure) + "The chunks:\n"
                            + run.storm.survivors().describe();
            boolean beyond = failure != null && run.storm.survivors().areBeyond();
            return new Result(
                    request,
                    beyond ? "" : trouble,
                    failure != null && !beyond && isCrash(failure),
                    beyond ? trouble : "",
                    simulation.hash(),
                    simulation.nowNanos(),
                    simulation.steps(),
                    simulation.faults().counts(),
                    simulation.probes().counts(),
                    run.summary());
        }
    }

    private @Nullable AssertionError toEnd() {
        try {
            live();
            return null;
        } catch (SimulationFailure | Violation failure) {
            return failure;
        } catch (RuntimeException mistake) { // ours, in the workload or the judge: as bad as a promise that was broken
            return new Violation("the run fell over: " + mistake, mistake);
        }
    }

    /** What servers and clients refuse is theirs to explain; what they never meant to throw is a crash. */
    private static boolean isCrash(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        boolean judged =
                root instanceof Violation || root instanceof SimulationFailure || root instanceof Invariant.Broken;
        return !judged && (root instanceof RuntimeException || root instanceof Error);
    }

    private void live() {
        cell.start();
        workloads.forEach(Workload::start);
        storm.start();
        simulation.run(plan.storm().plusSeconds(1), storm::isOver);
        workloads.forEach(Workload::stop);
        simulation.tell("world", "the storm is over");
        clients.startPatient("caretaker", this::lookAfter);
        simulation.run(LIVENESS, () -> lookedAfter && workloads.stream().allMatch(Workload::isFinished));
        clients.startPatient("judge", this::judge);
        simulation.run(JUDGE_LIMIT, () -> judged);
        simulation.run(LIVENESS, clients::allLeft);
        cell.judgeLeaks();
        cell.stopChunkServers();
        replicas.run(cell.chunkHosts());
    }

    private void lookAfter(Cairn cairn, World world) {
        Aftermath aftermath = new Aftermath(cell.chunkHosts().size(), checksums, cairn, world);
        aftermath.awaitCalm();
        aftermath.forgetLost(storm.survivors());
        lookedAfter = true;
    }

    private void judge(Cairn cairn, World world) throws IOException {
        Aftermath aftermath = new Aftermath(cell.chunkHosts().size(), checksums, cairn, world);
        aftermath.awaitCalm();
        for (Workload workload : workloads) {
            workload.check(cairn);
        }
        aftermath.scrub();
        aftermath.awaitWhole();
        health.await(cairn, world);
        replicas.askMaster(cairn);
        judged = true;
    }

    private String summary() {
        List<String> parts = new ArrayList<>();
        workloads.forEach(workload -> parts.add(workload.summary()));
        return "%s%n  %s%n  faults %s, %d replicas compared, %d acknowledgements and %d served reads judged, %d replicas found damaged"
                .formatted(
                        plan,
                        String.join(System.lineSeparator() + "  ", parts),
                        simulation.faults().counts(),
                        replicas.compared(),
                        primaries.acknowledgements(),
                        reads.reads(),
                        checksums.found());
    }

    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder();
        String cause = "";
        for (Throwable at = failure; at != null; at = at.getCause()) {
            text.append(cause).append(at.getMessage()).append('\n');
            cause = "caused by: ";
            if (at.getCause() == null) {
                for (StackTraceElement frame : at.getStackTrace()) {
                    if (frame.getClassName().startsWith("cairn")) {
                        text.append("    at ").append(frame).append('\n');
                    }
                }
            }
        }
        return text.toString();
    }
}
