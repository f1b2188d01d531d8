package cairn.cli.text;

import java.util.List;

/**
 * One JSON object, keys in the order given. Numbers are JSON numbers; ids of 64 bits go in as text, because many
 * readers of JSON keep only 53 bits.
 */
public final class JsonObject {
    private final StringBuilder text = new StringBuilder("{");

    public JsonObject with(String key, String value) {
        return raw(key, quote(value));
    }

    public JsonObject with(String key, long value) {
        return raw(key, Long.toString(value));
    }

    /** A finite number. */
    public JsonObject with(String key, double value) {
        return raw(key, Double.toString(value));
    }

    public JsonObject with(String key, boolean value) {
        return raw(key, Boolean.toString(value));
    }

    public JsonObject with(String key, JsonObject value) {
        return raw(key, value.toString());
    }

    public JsonObject with(String key, List<JsonObject> values) {
        return raw(key, array(values));
    }

    public JsonObject withTexts(String key, List<String> values) {
        return raw(
                key,
                "[" + String.join(", ", values.stream().map(JsonObject::quote).toList()) + "]");
    }

    /** {@code text}, quoted and escaped as a JSON string; a lone surrogate is written as an escape. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                quoted.append(c).append(text.charAt(++i));
            } else {
                escape(c, quoted);
            }
        }
        return quoted.append('"').toString();
    }

    /** Objects as an array, one on each line. */
    public static String array(List<JsonObject> values) {
        if (values.isEmpty()) {
            return "[]";
        }
        StringBuilder array = new StringBuilder("[\n");
        for (int i = 0; i < values.size(); i++) {
            array.append(values.get(i)).append(i + 1 < values.size() ? ",\n" : "\n");
        }
        return array.append(']').toString();
    }

    /** The object so far. */
    @Override
    public String toString() {
        return text + "}";
    }

    private JsonObject raw(String key, String value) {
        text.append(text.length() == 1 ? "" : ", ")
                .append(quote(key))
                .append(": ")
                .append(value);
        return this;
    }

    private static void escape(char c, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
                    out.append("\\u").append(hex4(c));
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static String hex4(char c) {
        return Integer.toHexString(0x10000 | c).substring(1);
    }
}
