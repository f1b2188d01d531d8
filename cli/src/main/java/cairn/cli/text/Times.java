package cairn.cli.text;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Moments and durations for people and for programs. No formatters: they cost a command tens of milliseconds. */
public final class Times {

    private Times() {}

    /** {@code 2026-11-22 10:01}, in {@code zone}. */
    public static String minute(long millis, ZoneId zone) {
        return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), zone)
                .truncatedTo(ChronoUnit.MINUTES)
                .toString()
                .replace('T', ' ');
    }

    /** {@code 2026-11-22T10:01:20.123+01:00}, in {@code zone}: for programs and for {@code stat}. */
    public static String iso(long millis, ZoneId zone) {
        return Instant.ofEpochMilli(millis).atZone(zone).toOffsetDateTime().toString();
    }

    /** {@code 850 ms}, {@code 12 s}, {@code 3 min 20 s}, {@code 5 h 12 min}, {@code 3 d 4 h}. */
    public static String duration(long millis) {
        long seconds = millis / 1000;
        if (seconds < 1) {
            return millis + " ms";
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }

    /** {@code 12 s ago}; of somebody of whom the master has not heard since it started (-1), {@code not yet}. */
    public static String ago(long millis) {
        return millis < 0 ? "not yet" : duration(millis) + " ago";
    }

    /** {@code 0:07}, {@code 12:45}, {@code 3:02:10}: a clock that counts down. */
    public static String clock(long seconds) {
        String tail = two(seconds % 60);
        if (seconds < 3600) {
            return seconds / 60 + ":" + tail;
        }
        return seconds / 3600 + ":" + two(seconds % 3600 / 60) + ":" + tail;
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
