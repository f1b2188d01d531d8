package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Host;
import cairn.attack.ground.Server;
import cairn.attack.judge.EpochJudge;
import cairn.attack.judge.HistoryTail;
import cairn.attack.judge.Pauses;
import cairn.attack.judge.ReplicasOnDisk;
import cairn.attack.load.ClientMain;
import cairn.attack.load.Epochs;
import cairn.attack.load.JobPlan;
import cairn.simulation.check.AppendRecord;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A cell under load: client processes, what they write down, and the judgement of it, epoch by epoch while the next one goes on.
 * The scenario does its harm between calls of {@link #go}. One thread.
 */
public final class Trial {

    private static final long APPEND_EPOCH_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORT_EPOCH_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final long FOR_EVER_NANOS = TimeUnit.DAYS.toNanos(30);
    private static final long TICK_MILLIS = 100;

    /** No harm lasts so long: a call that is not answered by then never will be. */
    private static final Duration STUCK = Duration.ofSeconds(45);

    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration WHOLE = Duration.ofMinutes(2);

    /** How long after a harm is over its effects are still counted as its own. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(6);

    /** How long the cell may take to be well again before that is said, and not waited for any more. */
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    /** A cell that is well again is left alone for so long. */
    private static final Duration CALM = Duration.ofSeconds(4);

    /** In a cell that is well no call takes longer. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private final Cell cell;
    private final Ground ground;
    private final long began = System.nanoTime();
    private final List<Client> clients = new ArrayList<>();
    private final List<Pauses.Harm> harms = new ArrayList<>();
    private final Set<String> allowedErrors = new TreeSet<>();
    private final EpochJudge judge;
    private final Pauses pauses = new Pauses();
    private Random random = new Random();
    private int numbers;
    private boolean well;

    public Trial(Cell cell, int chunkBytes) {
        this.cell = cell;
        this.ground = cell.ground();
        this.judge = new EpochJudge(cell.agent(), ground, chunkBytes);
    }

    public Cell cell() {
        return cell;
    }

    public Pauses pauses() {
        return pauses;
    }

    public List<Client> clients() {
        return List.copyOf(clients);
    }

    /** Chance that decides for the scenario, so that its seed repeats as much as can be repeated. */
    public void decideBy(Random chance) {
        random = chance;
    }

    /** An answer with this error code is no finding here. */
    public void allowError(String code) {
        allowedErrors.add(code);
    }

    // ------------------------------------------------------------------ clients

    private Epochs epochs(JobPlan.Kind job) {
        long length = switch (job) {
            case APPEND, FOLLOW, READ -> APPEND_EPOCH_NANOS;
            case WRITE, INSPECT, NAMES -> SHORT_EPOCH_NANOS;
            case VERIFY -> FOR_EVER_NANOS;
        };
        return new Epochs(began, length);
    }

    /** Starts a client; returns when it has found the cell. */
    public Client start(JobPlan.Kind job, JobPlan.Style style, double rate) throws IOException {
        int number = numbers++;
        if (number >= AppendRecord.PRODUCERS_MAX) {
            throw new IllegalStateException("more clients than records can name");
        }
        String name = job.name().toLowerCase(Locale.ROOT) + number;
        Host host = cell.hosts().make(name);
        Path history = ground.directory().resolve(name + ".history");
        JobPlan plan =
                new JobPlan(job, name, cell.master().address().toString(), number, history, epochs(job), rate, style);
        Client client = new Client(
                ground.startClient(name, host.enter(), ClientMain.class, plan.words()),
                plan,
                new HistoryTail(plan),
                plan.epochs().current());
        clients.add(client);
        judge.add(client.tail());
        return client;
    }

    public Client start(JobPlan.Kind job, double rate) throws IOException {
        return start(job, JobPlan.Style.SINGLE, rate);
    }

    /** Starts producers of every style, at {@code rate} records a second each. */
    public void startProducers(int count, double rate) throws IOException {
        JobPlan.Style[] styles = JobPlan.Style.values();
        for (int i = 0; i < count; i++) {
            start(JobPlan.Kind.APPEND, styles[i % styles.length], rate);
        }
    }

    /** Returns when all clients have found the cell. */
    public void awaitReady() throws IOException {
        for (Client client : clients) {
            if (client.program().isAlive()) {
                client.program().awaitLine("ready", READY);
            }
        }
    }

    /** kill -9; another one of its kind takes its place. */
    public void replace(Client client) throws IOException {
        client.program().kill();
        start(client.plan().job(), client.plan().style(), client.plan().rate());
    }

    // ------------------------------------------------------------------ harm and time

    /** A chunkserver that plays this part for what is appended to now. */
    Server victim(Victims.Part part) throws IOException {
        return victims().pick(part);
    }

    Victims victims() {
        return new Victims(cell, epochs(JobPlan.Kind.APPEND), random);
    }

    /**
     * Lets the cell recover from all that was done to it, and leaves it alone for a while: what is done to it next is the only
     * harm in effect.
     */
    void calm() throws IOException {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        well = isWell();
        while (!well && System.nanoTime() < deadline) {
            go(PROMPT);
            well = isWell();
        }
        if (!well) {
            ground.say(
                    "not well %s after the last harm: %s",
                    RECOVERY, cell.agent().report());
        }
        go(CALM);
    }

    /** Every server lives, every chunk has its copies, and every call is answered promptly. */
    private boolean isWell() throws IOException {
        var report = cell.agent().report();
        long now = System.nanoTime();
        return report.isWhole()
                && report.live() == cell.chunkservers().size()
                && clients.stream()
                        .filter(client -> client.program().isAlive())
                        .allMatch(client -> now - client.tail().waitingSince() < PROMPT.toNanos());
    }

    /** Notes a harm that begins now. */
    public Running harm(String kind) {
        ground.say("%s%s", kind, well ? "" : " (others in effect)");
        Running running = new Running(kind, System.nanoTime(), well);
        well = false;
        return running;
    }

    /** A harm that is going on. */
    public final class Running {
        private final String kind;
        private final long from;
        private final boolean alone;

        private Running(String kind, long from, boolean alone) {
            this.kind = kind;
            this.from = from;
            this.alone = alone;
        }

        /** It ends now. That the victim comes back is a disturbance of its own: members join, and caches are cold. */
        Running takenBack() {
            over();
            return new Running("return after " + kind, System.nanoTime(), alone);
        }

        /** It is over now; its effects may last a while longer. */
        public void over() {
            harms.add(new Pauses.Harm(kind, alone, from, System.nanoTime() + AFTERWARDS.toNanos()));
        }
    }

    /** Lets time pass, and looks at what has been written down meanwhile. */
    public void go(Duration time) throws IOException {
        long until = System.nanoTime() + time.toNanos();
        do {
            look();
            sleep();
        } while (System.nanoTime() < until);
    }

    private static void sleep() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private void look() throws IOException {
        for (Client client : clients) {
            boolean alive = client.program().isAlive();
            client.tail().poll();
            for (String error : client.tail().takeErrors()) {
                Violation.unless(
                        allowedErrors.stream().anyMatch(error::contains), "a client was told of an error: %s", error);
            }
            Violation.unless(
                    alive || client.program().isHarmed() || client.program().exitCode() == 0,
                    "client %s ended: %s",
                    client,
                    client.program().errors());
            if (alive && System.nanoTime() - client.tail().waitingSince() > STUCK.toNanos()) {
                throw stuck(client);
            }
        }
        List<Server> dead = cell.unexpectedlyDead();
        Violation.unless(dead.isEmpty(), "servers ended by themselves: %s", dead);
        judge.check(this::isOver);
    }

    private Violation stuck(Client client) throws IOException {
        ground.say("client %s is stuck; threads of all processes are in *.threads", client);
        Path java = ground.build().java();
        Files.writeString(
                ground.directory().resolve(client + ".threads"),
                client.program().threads(java));
        for (Server server : cell.all()) {
            if (server.isRunning() && !server.program().isPaused()) {
                Files.writeString(
                        ground.directory().resolve(server.name() + ".threads"),
                        server.program().threads(java));
            }
        }
        return new Violation("client %s has waited for an answer for more than %s".formatted(client, STUCK));
    }

    /** Whether every client of this kind of epoch is through with it. */
    private boolean isOver(EpochJudge.Files files, long epoch) {
        return clients.stream()
                .filter(client -> EpochJudge.Files.of(client.plan().job()) == files)
                .allMatch(client -> client.isThrough(epoch));
    }

    // ------------------------------------------------------------------ the end

    /**
     * Ends the clients, waits until the cell is whole again, judges what is left, stops the cell and compares what lies on the
     * disks. The scenario has taken back its harm and started all servers.
     */
    public void finish() throws IOException {
        long end = System.nanoTime() + STUCK.toNanos();
        clients.forEach(client -> client.program().tell("stop"));
        while (clients.stream().anyMatch(client -> client.program().isAlive())) {
            Violation.unless(
                    System.nanoTime() < end,
                    "clients do not end: %s",
                    clients.stream()
                            .filter(client -> client.program().isAlive())
                            .toList());
            look();
            sleep();
        }
        look();
        judge.finish();
        measure();
        awaitWhole();
        List<Long> handles = cell.agent().handles();
        cell.stop();
        ReplicasOnDisk replicas = new ReplicasOnDisk();
        for (Server server : cell.chunkservers()) {
            replicas.add(server.name(), server.directory());
        }
        replicas.compare(handles);
        ground.say("%s; %d replicas on disk compared", judge.summary(), replicas.compared());
        Violation.unless(judge.calls() > 0, "nothing was judged");
    }

    private void measure() throws IOException {
        List<HistoryTail> tails = clients.stream().map(Client::tail).toList();
        pauses.add(harms, tails);
        if (!harms.isEmpty()) {
            System.out.println(pauses.table(ground::timeOf));
            ground.report(pauses.json());
        }
    }

    /** Every chunk has its copies again, without anybody's help. */
    private void awaitWhole() throws IOException {
        long deadline = System.nanoTime() + WHOLE.toNanos();
        while (true) {
            var report = cell.agent().report();
            if (report.isWhole() && report.live() == cell.chunkservers().size()) {
                return;
            }
            Violation.unless(System.nanoTime() < deadline, "after %s the cell is not whole: %s", WHOLE, report);
            sleep();
        }
    }
}
