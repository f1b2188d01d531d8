package cairn.attack.ground;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One scenario's ground: a directory, how to start Java, and what must be taken back in the end. */
public final class Ground implements Closeable {

    /** Client processes are many and small. */
    private static final List<String> CLIENT_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx96m",
            "-XX:MaxDirectMemorySize=160m",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED");

    private final String name;
    private final Undo undo;
    private final Build build;
    private final Say say;
    private final boolean busy;

    /**
     * @param name of the scenario
     * @param busy the machine has other work to do
     */
    public Ground(String name, Path base, Build build, Say say, boolean busy) throws IOException {
        this.busy = busy;
        this.name = name;
        this.undo = Undo.in(base);
        this.build = build;
        this.say = say;
    }

    /** Whether the machine has other work to do: pauses are measured then, and not judged. */
    public boolean isBusy() {
        return busy;
    }

    public Path directory() {
        return undo.directory();
    }

    /** Writes figures down where they outlive the run. */
    public void report(String text) throws IOException {
        Files.writeString(Files.createDirectories(build.reports()).resolve(name + ".json"), text);
    }

    public Path makeDirectory(String name) throws IOException {
        return Files.createDirectories(directory().resolve(name));
    }

    public Undo undo() {
        return undo;
    }

    public Build build() {
        return build;
    }

    /** The time of day of a moment of {@link System#nanoTime}, as in the lines that are said. */
    public String timeOf(long nanos) {
        return say.timeOf(nanos);
    }

    public void say(String message, Object... values) {
        say.line(message, values);
    }

    /** Starts the {@code cairn} command with {@code arguments}, as its script would; {@code prefix} goes before java. */
    Program startCairn(String name, List<String> prefix, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(build.java().toString());
        command.addAll(build.serverOptions());
        command.addAll(List.of("-Xmx512m", "-cp", build.app().resolve("cli.jar").toString(), "cairn.cli.Main"));
        command.addAll(arguments);
        return Program.start(this, name, command);
    }

    /** Starts a class of this module in a process of its own. */
    public Program startClient(String name, List<String> prefix, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(build.java().toString());
        command.addAll(CLIENT_OPTIONS);
        command.addAll(List.of("-cp", build.classPath(), main.getName()));
        command.addAll(arguments);
        return Program.start(this, name, command);
    }

    @Override
    public void close() throws IOException {
        undo.close();
    }
}
