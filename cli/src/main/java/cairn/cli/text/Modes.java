package cairn.cli.text;

/** Permission bits, nine and sticky: {@code rwxr-xr-x}, {@code 755}, {@code u+x,go-w}. */
public final class Modes {
    private static final String LETTERS = "rwxrwxrwx";
    private static final int STICKY = 01000;

    private Modes() {}

    /** As {@code ls -l} writes them. */
    public static String letters(int mode) {
        StringBuilder text = new StringBuilder(LETTERS);
        for (int i = 0; i < 9; i++) {
            if ((mode & (0400 >> i)) == 0) {
                text.setCharAt(i, '-');
            }
        }
        if ((mode & STICKY) != 0) {
            text.setCharAt(8, (mode & 1) != 0 ? 't' : 'T');
        }
        return text.toString();
    }

    /** Octal, at least three digits. */
    public static String octal(int mode) {
        String digits = Integer.toOctalString(mode);
        return "0".repeat(Math.max(0, 3 - digits.length())) + digits;
    }

    /**
     * The bits that {@code change} makes of {@code mode}: octal replaces all, {@code [ugoa...][+-=][rwxXt...]}, several
     * with commas, changes some. {@code X} is {@code x} for directories and for what somebody may execute already.
     *
     * @throws IllegalArgumentException whose message says what is wrong
     */
    public static int changed(int mode, String change, boolean directory) {
        if (change.matches("[01]?[0-7]{3}")) {
            return Integer.parseInt(change, 8);
        }
        int result = mode;
        for (String clause : change.split(",", -1)) {
            if (!clause.matches("[ugoa]*([+=-][rwxXt]*)+")) {
                throw new IllegalArgumentException("'" + change + "' is not a mode: write 755 or u+x,go-w");
            }
            result = clause(result, clause, directory);
        }
        return result;
    }

    private static int clause(int mode, String clause, boolean directory) {
        int at = 0;
        while ("ugoa".indexOf(clause.charAt(at)) >= 0) {
            at++;
        }
        int whose = classes(clause.substring(0, at));
        int result = mode;
        while (at < clause.length()) {
            char operator = clause.charAt(at++);
            int start = at;
            while (at < clause.length() && "+=-".indexOf(clause.charAt(at)) < 0) {
                at++;
            }
            int bits = bits(clause.substring(start, at), result, directory) & whose;
            result = switch (operator) {
                case '+' -> result | bits;
                case '-' -> result & ~bits;
                default -> (result & ~(whose & 0777)) | bits;
            };
        }
        return result;
    }

    private static int classes(String letters) {
        if (letters.isEmpty() || letters.indexOf('a') >= 0) {
            return 0777 | STICKY;
        }
        int mask = STICKY;
        mask |= letters.indexOf('u') >= 0 ? 0700 : 0;
        mask |= letters.indexOf('g') >= 0 ? 0070 : 0;
        mask |= letters.indexOf('o') >= 0 ? 0007 : 0;
        return mask;
    }

    private static int bits(String letters, int mode, boolean directory) {
        int bits = 0;
        for (int i = 0; i < letters.length(); i++) {
            bits |= switch (letters.charAt(i)) {
                case 'r' -> 0444;
                case 'w' -> 0222;
                case 'x' -> 0111;
                case 'X' -> directory || (mode & 0111) != 0 ? 0111 : 0;
                default -> STICKY;
            };
        }
        return bits;
    }
}
