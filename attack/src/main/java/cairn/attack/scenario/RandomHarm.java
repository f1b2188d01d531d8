package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Harm;
import cairn.attack.ground.Namespaces;
import cairn.attack.ground.Need;
import cairn.attack.ground.Server;
import cairn.attack.load.JobPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Random harm, half of it before the cell has recovered from the harm before, for as long as one likes, under 8 producers, 4 readers, writers and namespace traffic. */
final class RandomHarm implements Scenario {

    private static final int CHUNKSERVERS = 5;
    private static final int PRODUCERS = 8;
    private static final double RECORDS_PER_SECOND = 100;
    private static final double READS_PER_SECOND = 30;
    private static final int PAUSE_MILLIS_MIN = 1000;
    private static final int PAUSE_MILLIS_MAX = 8000;
    private static final int KINDS = 7;
    private static final List<Victims.Part> PARTS =
            List.of(Victims.Part.PRIMARY, Victims.Part.SECONDARY, Victims.Part.BYSTANDER);
    private static final List<Harm> HARMS = List.of(Harm.values());

    private static final Bars BARS = Bars.OF_KILLS.and(
            Bars.under(Bars.AFTER_A_HANG, "stop primary", "stop secondary", "cut off primary", "cut off secondary"));

    private final double minutes;
    private final long seed;

    RandomHarm(double minutes, long seed) {
        this.minutes = minutes;
        this.seed = seed;
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public String sentence() {
        return "random kills, pauses and partitions for %s minutes (--seed %d): no violation, no stuck client"
                .formatted(minutes, seed);
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.ROOT, Need.NAMESPACES, Need.RATES);
    }

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public void run(Ground ground) throws IOException {
        Random random = new Random(seed);
        Namespaces net = new Namespaces(ground);
        Cell cell = Cell.start(ground, Cell.Plan.small(CHUNKSERVERS), net, Cell.Directories.plain(ground));
        Trial trial = Loads.start(ground, cell, PRODUCERS, RECORDS_PER_SECOND);
        trial.decideBy(random);
        trial.start(JobPlan.Kind.READ, READS_PER_SECOND); // the fourth reader
        trial.awaitReady();
        long end = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        int harms = 0;
        while (System.nanoTime() < end) {
            if (random.nextBoolean()) {
                trial.calm();
            } else { // the cell may not have recovered by then
                trial.go(Duration.ofMillis(PAUSE_MILLIS_MIN + random.nextInt(PAUSE_MILLIS_MAX - PAUSE_MILLIS_MIN)));
            }
            harm(trial, net, random);
            harms++;
        }
        trial.go(Duration.ofMillis(PAUSE_MILLIS_MAX));
        ground.say("%d times harmed", harms);
        trial.finish();
        BARS.judge(ground, trial.pauses());
    }

    private static void harm(Trial trial, Namespaces net, Random random) throws IOException {
        boolean master = random.nextInt(5) == 0;
        Victims.Part part = PARTS.get(random.nextInt(PARTS.size()));
        Optional<Server> playing = trial.victims().find(part);
        List<Server> servers = trial.cell().chunkservers();
        String words = master ? "master" : playing.isPresent() ? part.toString() : "chunkserver";
        Server victim =
                master ? trial.cell().master() : playing.orElseGet(() -> servers.get(random.nextInt(servers.size())));
        switch (random.nextInt(KINDS)) {
            case 0, 1 -> Blows.kill().inflict(trial, words, victim);
            case 2 -> Blows.stop().inflict(trial, words, victim);
            case 3 -> killClient(trial, random);
            case 4 -> Split.any(trial.cell(), random).inflict(trial, net);
            default ->
                Blows.network(net, HARMS.get(random.nextInt(HARMS.size()))).inflict(trial, words, victim);
        }
    }

    private static void killClient(Trial trial, Random random) throws IOException {
        List<Client> alive = trial.clients().stream()
                .filter(client -> client.program().isAlive() && client.plan().job() != JobPlan.Kind.VERIFY)
                .toList();
        Client client = alive.get(random.nextInt(alive.size()));
        Trial.Running harm = trial.harm("kill " + client.plan().job().name().toLowerCase(Locale.ROOT));
        trial.replace(client);
        harm.over();
    }
}
