package cairn.bench;

import cairn.bench.client.WorkerMain;
import cairn.bench.raw.RawServerMain;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The bare moves: three servers in a chain, the first of which takes what clients ask. */
final class RawTarget implements Target {
    private static final int SERVERS = 3;
    private static final Duration START = Duration.ofSeconds(60);

    private final Launcher launcher;
    private final String address;
    private final List<Child> servers;

    private RawTarget(Launcher launcher, String address, List<Child> servers) {
        this.launcher = launcher;
        this.address = address;
        this.servers = List.copyOf(servers);
    }

    static RawTarget start(Ground ground, Launcher launcher) throws IOException {
        List<Child> servers = new ArrayList<>();
        String address = "";
        for (int i = SERVERS; i >= 1; i--) {
            String name = "raw-" + i;
            List<String> words = new ArrayList<>(List.of(ground.directory(name).toString()));
            if (!address.isEmpty()) {
                words.add(address.substring(address.lastIndexOf(':') + 1));
            }
            Child server = ground.start(name, launcher.main(RawServerMain.class, words));
            address = server.await("listening on ", START);
            servers.add(server);
        }
        return new RawTarget(launcher, address, servers);
    }

    @Override
    public String name() {
        return "raw";
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public List<Child> servers() {
        return servers;
    }

    @Override
    public Fit fit(Workload workload) {
        return switch (workload.job()) {
            case FOLLOW -> Fit.unable("it has no followers");
            case STAT, MKDIR, RENAME, TOUCH -> Fit.otherwise("one system call at one server, not durable");
            default -> Fit.SAME;
        };
    }

    @Override
    public List<String> clientCommand() {
        return launcher.main(WorkerMain.class, List.of(name(), address));
    }
}
