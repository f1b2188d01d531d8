package cairn.cli.text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Moments and durations as people write them on a command line. */
public final class Moments {
    private static final String UNITS = "smhd";
    private static final long[] UNIT_MILLIS = {1000, 60_000, 3_600_000, 86_400_000};
    private static final long YEARS_100_MILLIS = 36_525L * 86_400_000;
    private static final int DIGITS_MAX = 12;

    private Moments() {}

    /** {@code 2026-11-22 10:01:20}, in {@code zone}. */
    public static String second(long millis, ZoneId zone) {
        LocalDateTime time =
                LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), zone).truncatedTo(ChronoUnit.SECONDS);
        String text = time.toString().replace('T', ' ');
        return time.getSecond() == 0 ? text + ":00" : text;
    }

    /**
     * Reads {@code 0}, {@code 90s}, {@code 30m}, {@code 12h}, {@code 3d}.
     *
     * @return milliseconds
     * @throws IllegalArgumentException whose message says what is wrong
     */
    public static long duration(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.equals("0")) {
            return 0;
        }
        int unit = word.isEmpty() ? -1 : UNITS.indexOf(word.charAt(word.length() - 1));
        String number = word.isEmpty() ? "" : word.substring(0, word.length() - 1);
        if (unit >= 0 && number.matches("-[0-9]+")) {
            throw new IllegalArgumentException("'" + text + "' is negative");
        }
        if (unit < 0 || !number.matches("[0-9]+")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time: write digits, and s, m, h or d behind them");
        }
        if (number.length() > DIGITS_MAX || Long.parseLong(number) > YEARS_100_MILLIS / UNIT_MILLIS[unit]) {
            throw new IllegalArgumentException("'" + text + "' is too long: times end at 36525d, a hundred years");
        }
        return Long.parseLong(number) * UNIT_MILLIS[unit];
    }

    /**
     * The last millisecond of what was written: {@code 2026-11-22}, {@code 2026-11-22 10:01}, {@code 2026-11-22 10:01:20} in
     * {@code zone}, or with an offset behind it ({@code 2026-11-22T10:01:20.5+01:00}).
     *
     * @throws IllegalArgumentException whose message says what is wrong
     */
    public static long endOf(String text, ZoneId zone) {
        String word = text.strip().replace(' ', 'T');
        try {
            return switch (word.length()) {
                case 10 -> last(LocalDate.parse(word).plusDays(1).atStartOfDay(), zone);
                case 16 -> last(LocalDateTime.parse(word).plusMinutes(1), zone);
                case 19 -> last(LocalDateTime.parse(word).plusSeconds(1), zone);
                default -> OffsetDateTime.parse(word).toInstant().toEpochMilli();
            };
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time: write it as '2026-11-22 10:01' or '2026-11-22 10:01:20'", e);
        }
    }

    private static long last(LocalDateTime end, ZoneId zone) {
        return end.atZone(zone).toInstant().toEpochMilli() - 1;
    }
}
