package cairn.attack.judge;

import cairn.attack.ground.Agent;
import cairn.attack.ground.Ground;
import cairn.attack.load.Epochs;
import cairn.attack.load.JobPlan;
import cairn.simulation.check.Linearizability;
import cairn.simulation.check.NamespaceCheck;
import cairn.simulation.check.NamespaceOp;
import cairn.simulation.check.Tree.Entry;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiPredicate;

/**
 * Judges each epoch when all its clients are through with it, in the background, and deletes its file then. One thread uses it.
 */
public final class EpochJudge {

    /** What the clients of an epoch have in common. */
    public enum Files {
        APPENDED(JobPlan.Kind.APPEND),
        WRITTEN(JobPlan.Kind.WRITE),
        NAMED(JobPlan.Kind.NAMES),
        KEPT(JobPlan.Kind.VERIFY);

        private final JobPlan.Kind maker;

        Files(JobPlan.Kind maker) {
            this.maker = maker;
        }

        public static Files of(JobPlan.Kind job) {
            return switch (job) {
                case APPEND, FOLLOW, READ -> APPENDED;
                case WRITE, INSPECT -> WRITTEN;
                case NAMES -> NAMED;
                case VERIFY -> KEPT;
            };
        }
    }

    private static final int COPIES = 3;

    private final Agent agent;
    private final Ground ground;
    private final int chunkBytes;
    private final List<HistoryTail> tails = new ArrayList<>();
    private final Map<Files, Long> next = new EnumMap<>(Files.class);
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
    private boolean filesStay;
    private int epochs;
    private long calls;
    private long records;
    private int givenUp;

    public EpochJudge(Agent agent, Ground ground, int chunkBytes) {
        this.agent = agent;
        this.ground = ground;
        this.chunkBytes = chunkBytes;
        for (Files files : Files.values()) {
            next.put(files, 0L);
        }
    }

    public void add(HistoryTail tail) {
        tails.add(tail);
    }

    private List<HistoryTail> of(Files files) {
        return tails.stream()
                .filter(tail -> Files.of(tail.plan().job()) == files)
                .toList();
    }

    /** Goes on with the next epoch that is over, if any; throws what was found in one before. */
    public void check(BiPredicate<Files, Long> over) throws IOException {
        if (!underWay.isDone()) {
            return;
        }
        throwFound();
        for (Files files : Files.values()) {
            List<HistoryTail> those = of(files);
            long epoch = next.getOrDefault(files, 0L);
            if (!those.isEmpty() && epoch < those.getFirst().plan().epochs().current() && over.test(files, epoch)) {
                next.put(files, epoch + 1);
                underWay = CompletableFuture.runAsync(() -> judge(files, epoch, those));
                return;
            }
        }
    }

    private void throwFound() throws IOException {
        try {
            underWay.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Violation violation) {
                throw violation;
            }
            throw new IOException("judging failed: " + e.getCause(), e.getCause());
        }
    }

    /** Judges all epochs that are left; the clients have ended. Their files stay: what lies on the disks is looked at next. */
    public void finish() throws IOException {
        throwFound();
        filesStay = true;
        for (Files files : Files.values()) {
            List<HistoryTail> those = of(files);
            if (!those.isEmpty()) {
                long last = those.getFirst().plan().epochs().current();
                for (long epoch = next.getOrDefault(files, 0L); epoch <= last; epoch++) {
                    judge(files, epoch, those);
                }
            }
        }
    }

    private void judge(Files files, long epoch, List<HistoryTail> those) {
        Map<HistoryTail, List<Call>> taken = new LinkedHashMap<>();
        for (HistoryTail tail : those) {
            taken.put(tail, tail.take(epoch));
        }
        long count = taken.values().stream().mapToLong(List::size).sum();
        if (count == 0) {
            return;
        }
        calls += count;
        epochs++;
        String path = Epochs.path(files.maker, epoch);
        try {
            switch (files) {
                case APPENDED -> judgeAppended(path, taken);
                case WRITTEN -> judgeWritten(path, taken);
                case NAMED -> judgeNamed(path, taken);
                case KEPT -> judgeKept(taken);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private void judgeAppended(String path, Map<HistoryTail, List<Call>> taken) throws IOException {
        AppendedJudge judge = new AppendedJudge(path, get(path));
        taken.forEach((tail, made) -> judge.add(tail.plan().name(), made));
        judge.run();
        records += judge.found();
        forget(path);
    }

    private void judgeWritten(String path, Map<HistoryTail, List<Call>> taken) throws IOException {
        WrittenJudge judge = new WrittenJudge(path, chunkBytes);
        taken.forEach((tail, made) -> judge.add(tail.plan().name(), made));
        long invokedAt = System.nanoTime();
        byte[] file = get(path);
        judge.addEnd(file, invokedAt, System.nanoTime());
        judge.run();
        givenUp += judge.givenUp();
        forget(path);
    }

    private void judgeNamed(String path, Map<HistoryTail, List<Call>> taken) throws IOException {
        List<NamespaceOp> history = new ArrayList<>();
        taken.forEach((tail, made) -> made.stream()
                .filter(call -> call.kind().equals("name"))
                .forEach(call -> history.add(named(tail.plan().name(), call))));
        NamespaceCheck check = new NamespaceCheck(NamespaceCheck.onlyDirectory(path, COPIES), history);
        givenUp += check.judge() == Linearizability.Verdict.GIVEN_UP ? 1 : 0;
        forget(path);
    }

    private static NamespaceOp named(String client, Call call) {
        Entry entry =
                new Entry(Boolean.parseBoolean(call.word(5)), Integer.parseInt(call.word(6), 8), call.word(7), COPIES);
        NamespaceOp.Request request = new NamespaceOp.Request(
                NamespaceOp.Kind.valueOf(call.word(0)),
                call.word(1),
                call.word(2),
                Boolean.parseBoolean(call.word(3)),
                Boolean.parseBoolean(call.word(4)),
                entry,
                Integer.MAX_VALUE);
        NamespaceOp op = new NamespaceOp(client, request, call.invokedAt());
        if (call.isGood()) {
            op.answered(call.answer(0), call.returnedAt());
        }
        return op;
    }

    private static void judgeKept(Map<HistoryTail, List<Call>> taken) {
        taken.values()
                .forEach(made -> made.stream()
                        .filter(Call::isGood)
                        .forEach(call -> Violation.unless(call.answer(1).equals("good"), "wrong bytes: %s", call)));
    }

    private void forget(String path) throws IOException {
        if (!filesStay) {
            agent.delete(path);
        }
    }

    /** Stays when it is found bad, for people to look at. */
    private byte[] get(String path) throws IOException {
        Path copy = ground.directory().resolve("judged" + path.replace('/', '-'));
        agent.get(path, copy);
        byte[] bytes = java.nio.file.Files.readAllBytes(copy);
        java.nio.file.Files.delete(copy);
        return bytes;
    }

    public long calls() {
        return calls;
    }

    public String summary() {
        return "%d calls in %d epochs judged, %d records found%s"
                .formatted(
                        calls,
                        epochs,
                        records,
                        givenUp == 0 ? "" : ", " + givenUp + " chunks or trees too hard to judge");
    }
}
