package cairn.simulation.scale;

import cairn.simulation.search.SimRunner.WrongArguments;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The command {@code cairn sim --scale}: one scenario in a large cell, and what was measured. */
public final class ScaleRunner {

    private static final int SERVERS = 342;
    private static final int PER_RACK = 40;

    /** GFS 6.2.5: chunks that two servers had both, and nobody else. */
    private static final int SHARED = 266;

    private int servers = SERVERS;
    private int perRack = PER_RACK;
    private int replicas = ScalePlan.REPLICAS;
    private int first;
    private long chunks;
    private long rate = ScalePlan.RATE_BYTES;
    private long seed = 1;
    private boolean charged;
    private Scenario scenario = Scenario.SERVER;
    private @Nullable String json;

    private ScaleRunner(List<String> words) {
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            take(rest.next(), rest);
        }
    }

    private static String word(Scenario scenario) {
        return scenario.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Runs what {@code arguments} ask for, without {@code --scale}.
     *
     * @return the exit code: 1 when a chunk was lost that had a replica left
     * @throws WrongArguments when they are not those that {@code cairn sim --help} shows
     */
    public static int run(List<String> arguments, PrintStream out) {
        return new ScaleRunner(arguments).run(out);
    }

    private int run(PrintStream out) {
        ScalePlan plan = plan();
        Figures figures = ScaleRun.run(plan, scenario, new Progress(out));
        out.printf("%s: %s%n%s", word(scenario), scenario.meaning(), figures.lines());
        write(figures.json(scenario));
        return figures.has("chunks without a replica")
                        && figures.of("chunks lost") > figures.of("chunks without a replica")
                ? 1
                : 0;
    }

    private ScalePlan plan() {
        int each = chunks == 0 ? replicas : (int) Math.max(1, chunks * ScalePlan.GOAL / servers);
        int shared = scenario == Scenario.PAIR ? (int) Math.max(1, (long) SHARED * each / ScalePlan.REPLICAS) : 0;
        return new ScalePlan(seed, servers, perRack, each, ScalePlan.CHUNK_BYTES, rate, first, shared, charged);
    }

    private void write(String text) {
        if (json != null) {
            try {
                Files.writeString(Path.of(json), text);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + json + ": " + e.getMessage(), e);
            }
        }
    }

    private void take(String option, Iterator<String> rest) {
        switch (option) {
            case "--servers" -> servers = (int) number(option, rest, ScalePlan.GOAL, Short.MAX_VALUE);
            case "--rack" -> perRack = (int) number(option, rest, 1, Short.MAX_VALUE);
            case "--replicas" -> replicas = (int) number(option, rest, 1, 1_000_000);
            case "--first" -> first = (int) number(option, rest, 1, 1_000_000);
            case "--chunks" -> chunks = number(option, rest, 1, Integer.MAX_VALUE / ScalePlan.GOAL);
            case "--rate" -> rate = number(option, rest, 1 << 20, 1L << 40);
            case "--seed" -> seed = number(option, rest, 0, Long.MAX_VALUE);
            case "--charged" -> charged = true;
            case "--json" -> json = value(option, rest);
            case "--scenario" -> scenario = scenario(value(option, rest));
            default -> throw new WrongArguments("what is " + option + "? See: cairn sim --help");
        }
    }

    private static Scenario scenario(String word) {
        for (Scenario each : Scenario.values()) {
            if (word(each).equals(word)) {
                return each;
            }
        }
        throw new WrongArguments("there is no scenario " + word + ". See: cairn sim --help");
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new WrongArguments(option + " needs a value");
        }
        return rest.next();
    }

    private static long number(String option, Iterator<String> rest, long least, long most) {
        String text = value(option, rest);
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new WrongArguments(option + " " + text + " is not a number");
        }
        throw new WrongArguments("%s %s: from %d to %d".formatted(option, text, least, most));
    }
}
