package cairn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.Map;
import java.util.TreeMap;

/** A console whose streams are arrays: runs a command line and keeps what it printed. */
final class CapturedConsole {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new TreeMap<>();
    private InputStream in = InputStream.nullInputStream();

    CapturedConsole variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    CapturedConsole input(byte[] bytes) {
        in = new ByteArrayInputStream(bytes);
        return this;
    }

    CapturedConsole input(String text) {
        return input(text.getBytes(UTF_8));
    }

    /** Runs {@code arguments}; returns the exit code. */
    int run(String... arguments) {
        out.reset();
        err.reset();
        return Main.run(arguments, console());
    }

    Console console() {
        return new Console(
                in,
                new Output(Channels.newChannel(out)),
                new Output(Channels.newChannel(err)),
                environment,
                false,
                new Interrupted());
    }

    String out() {
        return out.toString(UTF_8);
    }

    byte[] outBytes() {
        return out.toByteArray();
    }

    String err() {
        return err.toString(UTF_8);
    }
}
