package cairn.attack.ground;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Says on standard output what goes on, each line with the time of day. */
public final class Say {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    public void line(String message, Object... values) {
        System.out.println(
                timeOf(System.nanoTime()) + "  " + (values.length == 0 ? message : message.formatted(values)));
        System.out.flush();
    }

    /** The time of day of a moment of {@link System#nanoTime}. */
    String timeOf(long nanos) {
        return CLOCK.format(Instant.now().plusNanos(nanos - System.nanoTime()));
    }
}
