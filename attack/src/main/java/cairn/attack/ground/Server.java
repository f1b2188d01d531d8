package cairn.attack.ground;

import cairn.model.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A master or chunkserver: a place, a directory, and the process that runs there now. One thread at a time. */
public final class Server {

    private static final Duration START = Duration.ofSeconds(60);

    private final Ground ground;
    private final String name;
    private final Host host;
    private final Path directory;
    private final List<String> arguments;
    private ServerAddress address;
    private List<String> prefix = List.of();
    private @Nullable Program program;

    Server(Ground ground, Host host, Path directory, int port, List<String> arguments) {
        this.ground = ground;
        this.name = host.name();
        this.host = host;
        this.directory = directory;
        this.arguments = List.copyOf(arguments);
        this.address = new ServerAddress(host.address(), port);
    }

    public String name() {
        return name;
    }

    public Host host() {
        return host;
    }

    public Path directory() {
        return directory;
    }

    public ServerAddress address() {
        return address;
    }

    public Program program() {
        Program running = program;
        if (running == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return running;
    }

    /** Whether it is the master, and not a chunkserver. */
    public boolean isMaster() {
        return arguments.getFirst().equals("master");
    }

    public boolean isRunning() {
        return program != null && program.isAlive();
    }

    /** Further starts have this done to them. */
    public void inject(Injection injection) throws IOException {
        Path trace = trace();
        Files.deleteIfExists(trace);
        prefix = injection.words(trace);
    }

    private Path trace() {
        return ground.directory().resolve(name + ".strace");
    }

    /** Whether it has come to the call that was to be struck. */
    public boolean isStruck() throws IOException {
        return !isRunning()
                || (Files.exists(trace()) && Files.readString(trace()).contains(Injection.MARK));
    }

    /** Further starts are plain again. */
    public void injectNothing() {
        prefix = List.of();
    }

    /** Starts it and returns when it is ready; on the address it had before, if any. */
    public void start() throws IOException {
        launch();
        awaitReady();
    }

    /** Starts it and does not wait. */
    public void launch() throws IOException {
        List<String> before = new ArrayList<>(host.enter());
        before.addAll(prefix);
        List<String> command = new ArrayList<>(arguments);
        command.addAll(List.of("--dir", directory.toString(), "--listen", address.toString()));
        program = ground.startCairn(name, before, command);
    }

    public void awaitReady() throws IOException {
        address =
                ServerAddress.parse(program().awaitLine("listening on ", START).strip());
    }

    public void kill() {
        program().kill();
    }

    @Override
    public String toString() {
        return name + "@" + address;
    }
}
