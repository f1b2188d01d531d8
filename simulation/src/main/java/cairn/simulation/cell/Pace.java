package cairn.simulation.cell;

import cairn.simulation.SimRandom;
import java.time.Duration;

/**
 * How often a fault is done and for how long it lasts, both on average.
 *
 * @param lasting of no meaning for what is over in a moment
 */
record Pace(Duration every, Duration lasting) {

    private static final long EVERY_MILLIS_MIN = 500;
    private static final long EVERY_MILLIS_MAX = 60_000;
    private static final long LASTING_MILLIS_MAX = 20_000;

    static Pace draw(SimRandom random) {
        return new Pace(
                Duration.ofMillis(random.logarithmic(EVERY_MILLIS_MIN, EVERY_MILLIS_MAX)),
                Duration.ofMillis(random.logarithmic(1, LASTING_MILLIS_MAX)));
    }
}
