package cairn.attack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What the command line takes. Texts beside the classes: {@code ./dev} shows them, too, when nothing is compiled yet. */
public final class Usage {

    private Usage() {}

    /** {@code name} as in {@code src/main/resources/cairn/attack}. */
    public static String of(String name) throws IOException {
        try (InputStream text = Usage.class.getResourceAsStream(name)) {
            if (text == null) {
                throw new IOException("this build lacks " + name);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
