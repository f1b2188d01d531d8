package cairn.master;

/**
 * An event as one line that people and programs can read: {@code event=server.state server=s3 from=live to=silent}. A value with
 * other characters than those of names and numbers is quoted.
 */
final class EventLine {

    private EventLine() {}

    /** @param pairs key, value, key, value ... */
    static String of(String event, Object... pairs) {
        StringBuilder line = new StringBuilder("event=").append(event);
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            line.append(' ').append(pairs[i]).append('=').append(value(String.valueOf(pairs[i + 1])));
        }
        return line.toString();
    }

    private static String value(String text) {
        boolean plain = !text.isEmpty() && text.chars().allMatch(EventLine::isPlain);
        if (plain) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else {
                quoted.appendCodePoint(Character.isISOControl(c) ? '?' : c);
            }
        });
        return quoted.append('"').toString();
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._:/-,+".indexOf(c) >= 0;
    }
}
