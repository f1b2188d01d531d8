package cairn.bench;

import cairn.bench.client.WorkerMain;
import cairn.client.Cairn;
import cairn.model.ServerAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A cell: a master and three chunkservers, each a process. */
final class CairnServers {
    private static final int CHUNKSERVERS = 3;
    private static final long PAUSE_MILLIS = 50;

    private CairnServers() {}

    /** @param name of this cell: two of them, of different builds, can be measured beside each other */
    static Target start(String name, Ground ground, Launcher launcher) throws IOException {
        List<Child> servers = new ArrayList<>();
        servers.add(server(ground, launcher, name + "-master", List.of("master")));
        String address = servers.get(0).address();
        for (int i = 1; i <= CHUNKSERVERS; i++) {
            servers.add(server(ground, launcher, name + "-cs" + i, List.of("chunkserver", "--master", address)));
        }
        for (Child server : servers.subList(1, servers.size())) {
            server.address();
        }
        awaitLive(address);
        return new Target(
                name, servers, launcher.main(WorkerMain.class, List.of("cairn", address)), workload -> Fit.SAME);
    }

    private static Child server(Ground ground, Launcher launcher, String name, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(words);
        command.addAll(List.of(
                "--listen", "127.0.0.1:0", "--dir", ground.directory(name).toString()));
        return ground.start(name, launcher.cairn(command));
    }

    private static void awaitLive(String address) throws IOException {
        long deadline = System.nanoTime() + Child.START.toNanos();
        try (Cairn cairn = Cairn.connect(ServerAddress.parse(address))) {
            while (cairn.report().servers().stream()
                            .filter(server -> server.state().equals("live"))
                            .count()
                    < CHUNKSERVERS) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("the master does not know its chunkservers after " + Child.START);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
