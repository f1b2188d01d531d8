package cairn.simulation.search;

import cairn.model.proof.Rule;
import cairn.simulation.cell.SeedRun.Result;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The commands that break rules of the protocol: how many seeds does it take until somebody notices, and who does? */
final class Mutants {

    /** Every mutant is to be noticed within so many seeds. */
    static final int SEEDS = 2_000;

    private final Arguments arguments;
    private final PrintStream out;

    Mutants(Arguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
    }

    /** Breaks each rule by itself; 0 when all are noticed. */
    int breakEach() {
        int unnoticed = 0;
        for (Rule rule : Rule.values()) {
            unnoticed += breakRules(EnumSet.of(rule));
        }
        out.printf(
                "%d rules broken one by one, %d noticed within %d seeds%n",
                Rule.values().length, Rule.values().length - unnoticed, arguments.seeds());
        return unnoticed == 0 ? 0 : 1;
    }

    /** Breaks the rules that the arguments name, all at once; 0 when that is noticed. */
    int breakThose() {
        return breakRules(arguments.broken());
    }

    private int breakRules(Set<Rule> rules) {
        MutantSearch search =
                new MutantSearch(seed -> arguments.request(seed).breaking(rules), arguments.from(), arguments.seeds());
        String broken = String.join(", ", Words.of(rules.toArray(new Rule[0]))) + " broken: ";
        boolean over = Watch.over(
                () -> search.run(arguments.threads(), TimeUnit.MINUTES.toNanos(arguments.minutes())),
                () -> broken + search.progress(),
                out::println);
        if (!over) {
            return 1;
        }
        out.println(broken + search.summary());
        Result noticed = search.noticed();
        if (noticed != null) {
            out.println("  replay: " + Replay.command(noticed.request()));
        }
        for (Result other : search.uncounted()) {
            out.println("  no proof: " + Replay.command(other.request()));
        }
        return noticed == null ? 1 : 0;
    }
}
