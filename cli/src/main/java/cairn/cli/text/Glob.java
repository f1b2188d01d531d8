package cairn.cli.text;

import java.util.regex.Pattern;

/** A shell pattern for one name: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a]}, and {@code \} before a plain character. */
public final class Glob {
    private final Pattern pattern;

    public Glob(String glob) {
        this.pattern = Pattern.compile(regex(glob), Pattern.DOTALL);
    }

    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (at < glob.length()) {
            char c = glob.charAt(at);
            int end = c == '[' ? setEnd(glob, at) : -1;
            if (end > 0) {
                set(glob.substring(at + 1, end), regex);
                at = end + 1;
            } else if (c == '\\' && at + 1 < glob.length()) {
                literal(glob.charAt(at + 1), regex);
                at += 2;
            } else {
                switch (c) {
                    // Possessive would be wrong; a run of stars as one keeps the search short.
                    case '*' -> regex.append(at > 0 && glob.charAt(at - 1) == '*' ? "" : ".*");
                    case '?' -> regex.append('.');
                    default -> literal(c, regex);
                }
                at++;
            }
        }
        return regex.toString();
    }

    /** Where the set that begins at {@code start} ends; -1 when it does not, and {@code [} is a plain character. */
    private static int setEnd(String glob, int start) {
        int first = start + 1;
        if (first < glob.length() && (glob.charAt(first) == '!' || glob.charAt(first) == '^')) {
            first++;
        }
        // A ']' that comes first belongs to the set.
        return glob.indexOf(']', first + 1);
    }

    private static void set(String members, StringBuilder regex) {
        boolean not = members.startsWith("!") || members.startsWith("^");
        String rest = not ? members.substring(1) : members;
        regex.append(not ? "[^" : "[");
        for (int i = 0; i < rest.length(); i++) {
            if (i + 2 < rest.length() && rest.charAt(i + 1) == '-' && rest.charAt(i) <= rest.charAt(i + 2)) {
                literal(rest.charAt(i), regex);
                regex.append('-');
                literal(rest.charAt(i + 2), regex);
                i += 2;
            } else {
                literal(rest.charAt(i), regex);
            }
        }
        regex.append(']');
    }

    private static void literal(char c, StringBuilder regex) {
        if (c < 0x80 && !Character.isLetterOrDigit(c)) {
            regex.append('\\');
        }
        regex.append(c);
    }
}
