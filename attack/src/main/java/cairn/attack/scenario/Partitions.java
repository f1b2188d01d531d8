package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Harm;
import cairn.attack.ground.Namespaces;
import cairn.attack.ground.Need;
import cairn.attack.ground.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Servers in network namespaces; one at a time is harmed by its network for seconds. */
final class Partitions implements Scenario {

    private static final double RECORDS_PER_SECOND = 100;
    private static final Duration CALM = Duration.ofSeconds(5);
    private static final Duration HARMED = Duration.ofSeconds(9);

    private final String name;
    private final String sentence;
    private final List<Harm> harms;
    private final int rounds;

    Partitions(String name, String sentence, List<Harm> harms, int rounds) {
        this.name = name;
        this.sentence = sentence;
        this.harms = List.copyOf(harms);
        this.rounds = rounds;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sentence() {
        return sentence;
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
        Namespaces net = new Namespaces(ground);
        Cell cell = Cell.start(ground, Cell.Plan.small(4), net, Cell.Directories.plain(ground));
        Trial trial = Loads.start(ground, cell, 4, RECORDS_PER_SECOND);
        for (int i = 0; i < rounds; i++) {
            for (Harm harm : harms) {
                for (Victims.Part part : List.of(Victims.Part.PRIMARY, Victims.Part.SECONDARY)) {
                    trial.go(CALM);
                    inflict(trial, net, harm, part.toString(), trial.victim(part));
                }
                trial.go(CALM);
                inflict(trial, net, harm, "master", cell.master());
            }
        }
        trial.go(CALM);
        trial.finish();
        if (harms.equals(List.of(Harm.CUT))) { // many times the same: enough samples for a percentile
            String words = Harm.CUT.words();
            Bars.writersUnder(trial.pauses(), Bars.AFTER_A_HANG, words + " primary", words + " secondary");
        }
    }

    static void inflict(Trial trial, Namespaces net, Harm harm, String part, Server victim) throws IOException {
        Trial.Running running = trial.harm(harm.words() + " " + part);
        harm.begin(net, victim);
        try {
            trial.go(HARMED);
        } finally {
            harm.end(net, victim);
        }
        running.over();
    }
}
