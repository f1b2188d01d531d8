package cairn.bench;

import cairn.bench.client.WorkerMain;
import cairn.client.Cairn;
import cairn.model.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A cell: a master and three chunkservers, each a process. */
final class CairnTarget implements Target {
    private static final int CHUNKSERVERS = 3;
    private static final Duration START = Duration.ofSeconds(60);
    private static final String READY = "listening on ";
    private static final long PAUSE_MILLIS = 50;

    private final Launcher launcher;
    private final String address;
    private final List<Child> servers;

    private CairnTarget(Launcher launcher, String address, List<Child> servers) {
        this.launcher = launcher;
        this.address = address;
        this.servers = List.copyOf(servers);
    }

    static CairnTarget start(Ground ground, Launcher launcher) throws IOException {
        List<Child> servers = new ArrayList<>();
        servers.add(server(ground, launcher, "master", List.of("master")));
        String address = address(servers.get(0));
        for (int i = 1; i <= CHUNKSERVERS; i++) {
            servers.add(server(ground, launcher, "cs" + i, List.of("chunkserver", "--master", address)));
        }
        for (Child server : servers.subList(1, servers.size())) {
            address(server);
        }
        awaitLive(address);
        return new CairnTarget(launcher, address, servers);
    }

    private static Child server(Ground ground, Launcher launcher, String name, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(words);
        command.addAll(List.of(
                "--listen",
                "127.0.0.1:0",
                "--dir",
                ground.directory("cairn-" + name).toString()));
        return ground.start("cairn-" + name, launcher.cairn(command));
    }

    private static String address(Child server) throws IOException {
        return server.await(READY, START).split(" ", -1)[0];
    }

    private static void awaitLive(String address) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        try (Cairn cairn = Cairn.connect(ServerAddress.parse(address))) {
            while (cairn.report().servers().stream()
                            .filter(server -> server.state().equals("live"))
                            .count()
                    < CHUNKSERVERS) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("the master does not know its chunkservers after " + START);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public String name() {
        return "cairn";
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
        return Fit.SAME;
    }

    @Override
    public List<String> clientCommand() {
        return launcher.main(WorkerMain.class, List.of(name(), address));
    }
}
