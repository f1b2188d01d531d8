package cairn.simulation;

import cairn.model.proof.Witness;
import cairn.world.World;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A world of its own, run by the thread that calls {@link #run}; that must be a platform thread. The same seed, options
 * and code give the same history, event by event: {@link #hash} proves it.
 *
 * <pre>{@code
 * try (Simulation simulation = new Simulation(seed, SimOptions.swarm(seed))) {
 *     SimNode.Main server = world -> Echo.serve(world, new ServerAddress("0.0.0.0", 7000));
 *     SimNode node = simulation.node("server");
 *     node.start(server);
 *     Client client = new Client();
 *     simulation.node("client").start(world -> client.call(world, new ServerAddress("server", 7000)));
 *     Nemesis nemesis = new Nemesis(simulation);
 *     nemesis.torments(node, server);
 *     nemesis.start(Duration.ofSeconds(30));
 *     simulation.run(Duration.ofHours(1), client::isDone);
 * }
 * }</pre>
 *
 * <p>Nothing happens outside of {@code run}: make nodes, start processes, run until something holds, do harm, run on.
 * Several simulations may run at once on different threads. When it is closed, or just forgotten, all its threads are
 * garbage; their {@code finally} blocks never run.
 */
public final class Simulation implements AutoCloseable {

    private final long seed;
    private final SimOptions options;
    private final SimRandom random;
    private final Trace trace = new Trace();
    private final SimScheduler scheduler;
    private final Links links;
    private final Ground ground;
    private final ProbeCounts probes = new ProbeCounts();
    private final FaultLedger faults = new FaultLedger();
    private final Witnesses witnesses;
    private final Map<String, SimNode> nodes = new LinkedHashMap<>();

    public Simulation(long seed, SimOptions options) {
        this.seed = seed;
        this.options = options;
        SimRandom root = new SimRandom(seed);
        this.random = root.stream("workload");
        this.scheduler = new SimScheduler(root.stream("scheduler"), options.stepNanos(), trace);
        this.witnesses = new Witnesses(scheduler::steps);
        this.links = new Links(scheduler, options.network(), root.stream("network"), faults);
        this.ground = new Ground(scheduler, links, options, witnesses, faults);
        witnesses.add(probes);
    }

    /** The host {@code name}, made when missing; its name is its network address. */
    public SimNode node(String name) {
        return nodes.computeIfAbsent(name, this::makeNode);
    }

    /** A process of its own beside the one on {@code host}: it may look at that one's files, and has its clock. Made when missing. */
    public SimNode guest(String name, SimNode host) {
        return nodes.computeIfAbsent(name, key -> {
            SimRandom stream = new SimRandom(seed).stream("node " + key);
            SimNode made = new SimNode(key, nodes.size() + 1, ground, stream, host);
            links.add(made);
            return made;
        });
    }

    private SimNode makeNode(String name) {
        SimRandom stream = new SimRandom(seed).stream("node " + name);
        SimNode made = new SimNode(name, nodes.size() + 1, ground, stream);
        links.add(made);
        return made;
    }

    /** From now on {@code one} is told too what the processes go through. */
    public void addWitness(Witness one) {
        witnesses.add(one);
    }

    /** Which fault-handling branches were taken so far. */
    public ProbeCounts probes() {
        return probes;
    }

    /** What went wrong so far; workloads that do harm note it here. */
    public FaultLedger faults() {
        return faults;
    }

    /** The world of the process that runs on {@code node}: for its own threads only. */
    public World world(SimNode node) {
        return node.world();
    }

    /**
     * Runs until {@code done} holds.
     *
     * @param limit of simulated time, from now; reaching it is a failure
     * @param done asked between any two steps, outside of every thread: it must be quick and must not block
     * @throws SimulationFailure when a thread threw or broke a rule, when nothing can happen any more, or at the limit
     */
    public void run(Duration limit, BooleanSupplier done) {
        SimScheduler.End end = scheduler.run(scheduler.nowNanos() + limit.toNanos(), done);
        throwIfFailed();
        switch (end) {
            case DONE -> {}
            case LIMIT -> throw failure("not done after " + limit + " of simulated time", true, null);
            case IDLE -> throw failure("deadlock: no thread can run and no timer is set", true, null);
        }
    }

    /** Runs for {@code time}, whatever happens but a failure. */
    public void runFor(Duration time) {
        long until = scheduler.nowNanos() + time.toNanos();
        SimScheduler.End end = scheduler.run(until, () -> false);
        throwIfFailed();
        if (end == SimScheduler.End.IDLE) {
            scheduler.skipTo(until);
        }
    }

    private void throwIfFailed() {
        SimScheduler.Failure failed = scheduler.failure();
        if (failed != null) {
            throw failure(failed.message(), false, failed.cause());
        }
    }

    private SimulationFailure failure(String what, boolean withThreads, @Nullable Throwable cause) {
        String header = "%s%n  at %.6f s of simulated time, step %d%n  seed %d, %s"
                .formatted(what, scheduler.nowNanos() / 1e9, scheduler.steps(), seed, options);
        return new SimulationFailure(withThreads ? header + System.lineSeparator() + dump() : header, cause);
    }

    /** Where every thread of every process is parked. */
    public String dump() {
        return scheduler.look(() -> ThreadDump.of(nodes.values()));
    }

    /**
     * From now on the CPU time that the processes on {@code node} take is measured.
     *
     * @param charged whether it passes in the simulated world, too, as if the host had one processor: then no run is like another
     */
    public CpuMeter measure(SimNode node, boolean charged) {
        CpuMeter meter = new CpuMeter(node, charged);
        scheduler.measure(meter);
        return meter;
    }

    /** Does {@code action} after a while, on the loop's own thread: it must not block. */
    public void at(Duration fromNow, Runnable action) {
        scheduler.after(fromNow.toNanos(), action);
    }

    /** From now on nothing gets through between {@code a} and {@code b}. */
    public void partition(Collection<SimNode> a, Collection<SimNode> b) {
        partitionOneWay(a, b);
        partitionOneWay(b, a);
    }

    /** From now on nothing gets through from {@code from} to {@code to}. */
    public void partitionOneWay(Collection<SimNode> from, Collection<SimNode> to) {
        note("partition " + from + " -> " + to, from.size() * 31L + to.size());
        links.block(from, to);
    }

    /** Ends the partition of these, in both directions. */
    public void heal(Collection<SimNode> a, Collection<SimNode> b) {
        note("heal " + a + " <-> " + b, a.size() * 31L + b.size());
        links.unblock(a, b);
        links.unblock(b, a);
    }

    /** Ends every partition. */
    public void heal() {
        note("heal", 0);
        links.heal();
    }

    /** From now on the network breaks, swallows and repeats no connection by itself. */
    public void spareConnections() {
        note("spare connections", 0);
        links.spareConnections();
    }

    private void note(String what, long detail) {
        trace.add(Trace.Event.FAULT, what.length(), detail);
        trace.line(scheduler.nowNanos(), "world", what);
    }

    /** Fails the run from any simulated thread or action: for checkers. */
    public void fail(String message) {
        scheduler.fail(message, new Throwable("failed here"));
    }

    /** Whether somebody reads the lines: guards the building of their text. */
    public boolean isTraced() {
        return trace.on();
    }

    /** A line among those of the trace, of no consequence. */
    public void tell(String who, String what) {
        trace.line(scheduler.nowNanos(), who, what);
    }

    /** Prints a line for each event from now on. It changes nothing of the history. */
    public void traceTo(PrintStream out) {
        trace.printTo(out);
    }

    /** Of everything that has happened so far. */
    public long hash() {
        return trace.hash();
    }

    /** Simulated time since the start; no host's clock shows it exactly. */
    public long nowNanos() {
        return scheduler.nowNanos();
    }

    public long steps() {
        return scheduler.steps();
    }

    /** Randomness for the workload. */
    public SimRandom random() {
        return random;
    }

    public SimOptions options() {
        return options;
    }

    public long seed() {
        return seed;
    }

    public List<SimNode> nodes() {
        return List.copyOf(nodes.values());
    }

    @Override
    public void close() {
        nodes.values().forEach(SimNode::forget);
        scheduler.close();
    }
}
