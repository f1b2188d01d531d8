package cairn.simulation.cell;

import cairn.client.AttributeChange;
import cairn.client.Cairn;
import cairn.client.CreateOptions;
import cairn.client.FileInfo;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.Linearizability;
import cairn.simulation.check.Operation;
import cairn.simulation.check.Tree;
import cairn.simulation.check.Tree.Entry;
import cairn.simulation.check.Tree.Outcome;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clients that make, move and delete in one small tree, all at once. Judged by linearizability against {@link Tree} (P5),
 * which for a single client means exactly what the tree says.
 */
final class NamespaceWorkload implements Workload {

    private static final String ROOT = "/names";
    private static final String[] NAMES = {"a", "b", "c"};
    private static final int DEPTH_MAX = 3;
    private static final int CLIENTS_MAX = 4;

    private final Simulation simulation;
    private final Clients clients;
    private final CellPlan plan;
    private final SimRandom random;
    private final List<Step> history = new ArrayList<>();
    private final int clientCount;
    private final int steps;
    private final long pauseNanos;
    private boolean stopped;
    private int ended;
    private long events;
    private String verdict = "";

    NamespaceWorkload(Simulation simulation, Clients clients, CellPlan plan) {
        this.simulation = simulation;
        this.clients = clients;
        this.plan = plan;
        this.random = new SimRandom(simulation.seed()).stream("namespace");
        this.clientCount = (int) random.between(1, CLIENTS_MAX);
        this.steps = (int) random.between(5, 120 / clientCount);
        this.pauseNanos = plan.storm().toNanos() / steps / 2;
    }

    /** The kinds of requests. */
    private enum Kind {
        MKDIR,
        CREATE,
        DELETE,
        RENAME,
        SET_ATTRIBUTES,
        STAT,
        LIST
    }

    /** One request, and its answer when it has come. */
    private static final class Step implements Operation<Tree> {
        private final String client;
        private final Kind kind;
        private final String path;
        private final String other;
        private final boolean flag;
        private final boolean parents;
        private final Entry entry;
        private final long invokedAt;
        private long returnedAt = NEVER;
        private @Nullable String answer;

        Step(String client, SimRandom random, int rootGoal, long invokedAt) {
            Kind[] kinds = Kind.values();
            this.client = client;
            this.kind = kinds[random.below(kinds.length)];
            this.path = randomPath(random);
            this.other = randomPath(random);
            this.flag = random.coin();
            this.parents = random.chance(0.3);
            String owner = kind == Kind.SET_ATTRIBUTES ? "u" + random.below(1000) : client;
            this.entry = new Entry(kind == Kind.MKDIR, 1 + random.below(0777), owner, rootGoal);
            this.invokedAt = invokedAt;
        }

        private static String randomPath(SimRandom random) {
            StringBuilder path = new StringBuilder(ROOT);
            int depth = (int) random.between(1, DEPTH_MAX);
            for (int i = 0; i < depth; i++) {
                path.append('/').append(NAMES[random.below(NAMES.length)]);
            }
            return path.toString();
        }

        private boolean isRead() {
            return kind == Kind.STAT || kind == Kind.LIST;
        }

        /** Makes the request; returns the answer in the words of {@link Tree}. */
        private String ask(Cairn cairn) throws IOException {
            switch (kind) {
                case MKDIR -> cairn.mkdir(path, parents, entry.mode());
                case CREATE -> {
                    CreateOptions options = CreateOptions.DEFAULTS
                            .withOverwrite(flag)
                            .withMakeParents(parents)
                            .withMode(entry.mode());
                    cairn.create(path, options).close();
                }
                case DELETE -> cairn.delete(path, flag, !parents);
                case RENAME -> cairn.rename(path, other, flag);
                case SET_ATTRIBUTES ->
                    cairn.setAttributes(
                            path, AttributeChange.NONE.withMode(entry.mode()).withOwner(entry.owner()));
                case STAT -> {
                    return describe(cairn.stat(path));
                }
                case LIST -> {
                    List<String> names = new ArrayList<>();
                    cairn.list(path).forEach(info -> names.add(info.name()));
                    return String.join(" ", names);
                }
            }
            return Tree.OK;
        }

        private static String describe(FileInfo info) {
            Entry seen = new Entry(info.directory(), info.mode(), info.owner(), info.replication());
            return Tree.describe(seen, info.entryCount());
        }

        private Outcome in(Tree tree) {
            return switch (kind) {
                case MKDIR -> tree.mkdir(path, parents, entry);
                case CREATE -> tree.create(path, flag, parents, entry);
                case DELETE -> tree.delete(path, flag);
                case RENAME -> tree.rename(path, other, flag);
                case SET_ATTRIBUTES -> tree.setAttributes(path, entry.mode(), entry.owner());
                case STAT -> tree.stat(path);
                case LIST -> tree.list(path);
            };
        }

        @Override
        public long invokedAt() {
            return invokedAt;
        }

        @Override
        public long returnedAt() {
            return returnedAt;
        }

        @Override
        public List<Tree> step(Tree tree) {
            Outcome outcome = in(tree);
            return answer == null || answer.equals(outcome.answer()) ? List.of(outcome.after()) : List.of();
        }

        @Override
        public String toString() {
            String end = returnedAt == NEVER ? "..." : Long.toString(returnedAt);
            return "%d-%s %s %s %s%s%s%s %o %s -> %s"
                    .formatted(
                            invokedAt,
                            end,
                            client,
                            kind,
                            path,
                            kind == Kind.RENAME ? " " + other : "",
                            flag ? " flag" : "",
                            parents ? " parents" : "",
                            entry.mode(),
                            entry.owner(),
                            answer);
        }
    }

    @Override
    public void start() {
        for (int i = 0; i < clientCount; i++) {
            String name = "namer" + i;
            clients.start(name, (cairn, world) -> use(cairn, world, name));
        }
    }

    private void use(Cairn cairn, World world, String name) {
        SimRandom own = random.stream(name);
        makeRoot(cairn, world);
        for (int i = 0; i < steps && !stopped; i++) {
            Step step = new Step(name, own, plan.replication(), events++);
            history.add(step);
            carryOut(step, cairn);
            world.time().sleep(own.exponential(pauseNanos));
        }
        ended++;
    }

    private void makeRoot(Cairn cairn, World world) {
        while (true) {
            try {
                cairn.mkdir(ROOT, true);
                return;
            } catch (CairnException e) {
                Violation.unless(e.code() == ErrorCode.UNREACHABLE, "cannot make %s: %s", ROOT, e);
                world.time().sleep(pauseNanos);
            }
        }
    }

    private void carryOut(Step step, Cairn cairn) {
        try {
            step.answer = step.ask(cairn);
        } catch (CairnException e) {
            step.answer = e.code() == ErrorCode.UNREACHABLE ? null : e.code().name();
        } catch (UncheckedIOException e) {
            boolean known = e.getCause() instanceof CairnException problem && problem.code() != ErrorCode.UNREACHABLE;
            step.answer = known && e.getCause() instanceof CairnException problem
                    ? problem.code().name()
                    : null;
        } catch (IOException e) {
            throw new Violation("a namespace call threw " + e);
        }
        if (step.answer != null) {
            step.returnedAt = events++;
        }
        if (simulation.isTraced()) {
            simulation.tell(step.client, step.toString());
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isFinished() {
        return ended == clientCount;
    }

    /** What is there in the end belongs to the history too. */
    @Override
    public void check(Cairn cairn) throws IOException {
        List<Step> told = new ArrayList<>(history);
        told.removeIf(step -> step.isRead() && step.answer == null);
        Entry root = new Entry(true, 0755, "", plan.replication());
        Tree initial = new Tree(new java.util.TreeMap<>(java.util.Map.of(ROOT, root)));
        Linearizability<Tree> search = new Linearizability<>(initial, told);
        Linearizability.Verdict found = search.judge();
        verdict = found.name();
        if (found == Linearizability.Verdict.VIOLATED) {
            throw new Violation("the namespace is not linearizable; %s%nThe history:%n%s"
                    .formatted(search.stuck(), search.history(200)));
        }
    }

    @Override
    public String summary() {
        return "namespace: %d clients, %d requests, %s".formatted(clientCount, history.size(), verdict);
    }
}
