package cairn.cli.text;

import java.math.BigDecimal;
import java.util.Locale;

/** Byte sizes for people: powers of 1024, as {@code ls -h} and {@code du -h} write them. */
public final class Sizes {
    private static final String UNITS = "BKMGTPE";
    private static final int EXACT_DECIMALS_MAX = 3;

    private Sizes() {}

    /** {@code 0}, {@code 999}, {@code 1.5K}, {@code 64M}: one decimal below ten, none from there on. */
    public static String human(long bytes) {
        if (bytes < 1024) {
            return Long.toString(bytes);
        }
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        // What rounds to 1024 of a unit is 1.0 of the next.
        if (Math.round(value) >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        long tenths = Math.round(value * 10);
        String number = tenths < 100 ? tenths / 10 + "." + tenths % 10 : Long.toString(Math.round(value));
        return number + UNITS.charAt(unit);
    }

    /** Nothing rounded: {@code 6.25M} in the largest unit in which three decimals say it, otherwise plain digits. */
    public static String exact(long bytes) {
        for (int unit = UNITS.length() - 1; unit > 0; unit--) {
            long one = 1L << (10 * unit);
            BigDecimal value =
                    BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(one)).stripTrailingZeros();
            if (bytes >= one && value.scale() <= EXACT_DECIMALS_MAX) {
                return value.toPlainString() + UNITS.charAt(unit);
            }
        }
        return Long.toString(bytes);
    }

    /** {@code bytes} as {@link #human} or as plain digits. */
    public static String text(long bytes, boolean human) {
        return human ? human(bytes) : Long.toString(bytes);
    }

    /**
     * Reads {@code 4096}, {@code 64K}, {@code 64KiB}, {@code 1.5G}: powers of 1024, case ignored.
     *
     * @throws IllegalArgumentException whose message says what is wrong
     */
    public static long parse(String text) {
        String rest = text.strip().toUpperCase(Locale.ROOT);
        if (rest.endsWith("IB")) {
            rest = rest.substring(0, rest.length() - 2);
        } else if (rest.endsWith("B")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        int unit = rest.isEmpty() ? -1 : UNITS.indexOf(rest.charAt(rest.length() - 1));
        String number = unit > 0 ? rest.substring(0, rest.length() - 1) : rest;
        if (!number.matches(unit > 0 ? "[0-9]+(\\.[0-9]+)?" : "[0-9]+")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a size: write digits, and K, M, G or T behind them");
        }
        return scaled(text, number, Math.max(unit, 0));
    }

    private static long scaled(String text, String number, int unit) {
        try {
            if (!number.contains(".")) {
                return Math.multiplyExact(Long.parseLong(number), 1L << (10 * unit));
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is too large: sizes end below 8E", e);
        }
        double value = Double.parseDouble(number) * (1L << (10 * unit));
        if (value > Long.MAX_VALUE) {
            throw new IllegalArgumentException("'" + text + "' is too large: sizes end below 8E");
        }
        return (long) value;
    }
}
