package cairn.simulation.scale;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says now and then how far it is: these runs take minutes. */
final class Progress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Steps of the simulation between two looks at the clock. */
    private static final int STEPS = 1 << 14;

    private final PrintStream out;
    private long toldNanos = System.nanoTime();
    private int steps;

    Progress(PrintStream out) {
        this.out = out;
    }

    /** At once. */
    void say(String line) {
        out.println(line);
        toldNanos = System.nanoTime();
    }

    /** Asked at each step. */
    void maybe(Supplier<String> line) {
        if (++steps % STEPS == 0 && System.nanoTime() - toldNanos > EVERY_NANOS) {
            say(line.get());
        }
    }
}
