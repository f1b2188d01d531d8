package cairn.simulation.fuzz;

import cairn.wire.Method;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The protocol's messages and methods as {@code cairn.proto} and docs/protocol.md tell them, read from there: the generated
 * classes are lite and cannot say what fields they have.
 */
final class Schema {
    private static final Path ROOT = root();
    private static final Pattern MESSAGE = Pattern.compile("(?m)^message (\\w+) \\{(.*?)\\}", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("(?m)^\\s*(repeated |optional )?(\\w+) (\\w+) = (\\d+);");
    private static final Pattern CALL =
            Pattern.compile("(?m)^\\| \\d+ \\| `(\\w+)` \\| `(\\w+)`( \\+ payload)? \\| `(\\w+)`( \\+ payload)? \\|");

    static final Schema PROTOCOL = new Schema();

    /** A field of a message. */
    record Field(int number, String type, boolean repeated) {}

    /** What a method takes and gives. */
    record Shape(String request, boolean requestPayload, String reply, boolean replyPayload) {}

    private final Map<String, List<Field>> messages = new TreeMap<>();
    private final Map<Method, Shape> methods = new TreeMap<>();

    private Schema() {
        Matcher message = MESSAGE.matcher(
                read("wire/src/main/proto/cairn.proto") + "\n" + read("wire/src/main/proto/inspection.proto"));
        while (message.find()) {
            List<Field> fields = new ArrayList<>();
            Matcher field = FIELD.matcher(message.group(2));
            while (field.find()) {
                boolean repeated = "repeated ".equals(field.group(1));
                fields.add(new Field(Integer.parseInt(field.group(4)), field.group(2), repeated));
            }
            messages.put(message.group(1), fields);
        }
        Matcher call = CALL.matcher(read("docs/protocol.md"));
        while (call.find()) {
            methods.put(
                    Method.valueOf(call.group(1)),
                    new Shape(call.group(2), call.group(3) != null, call.group(4), call.group(5) != null));
        }
    }

    List<Field> fields(String message) {
        return messages.getOrDefault(message, List.of());
    }

    boolean isMessage(String type) {
        return messages.containsKey(type);
    }

    Shape shape(Method method) {
        Shape shape = methods.get(method);
        if (shape == null) {
            throw new IllegalStateException("docs/protocol.md does not list " + method);
        }
        return shape;
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("wire/src/main/proto"))) {
            at = at.getParent();
        }
        return at;
    }

    static Path path(String name) {
        return ROOT.resolve(name);
    }

    private static String read(String name) {
        try {
            return Files.readString(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
