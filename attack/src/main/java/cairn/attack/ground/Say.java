package cairn.attack.ground;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Says on standard output what goes on, each line with the time of day. */
public final class Say {

    public void line(String message, Object... values) {
        String time = LocalTime.now(ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
        System.out.println(
                (time + "000").substring(0, 12) + "  " + (values.length == 0 ? message : message.formatted(values)));
        System.out.flush();
    }
}
