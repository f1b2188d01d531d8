package cairn.bench;

import cairn.bench.client.WorkerMain;
import cairn.bench.raw.RawServerMain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The bare moves: three servers in a chain, the first of which takes what clients ask. */
final class RawServers {
    private static final int SERVERS = 3;

    private RawServers() {}

    static Target start(Ground ground, Launcher launcher) throws IOException {
        List<Child> servers = new ArrayList<>();
        String address = "";
        for (int i = SERVERS; i >= 1; i--) {
            String name = "raw-" + i;
            List<String> words = new ArrayList<>(List.of(ground.directory(name).toString()));
            if (!address.isEmpty()) {
                words.add(address.substring(address.lastIndexOf(':') + 1));
            }
            Child server = ground.start(name, launcher.main(RawServerMain.class, words));
            address = server.address();
            servers.add(server);
        }
        return new Target("raw", servers, launcher.main(WorkerMain.class, List.of("raw", address)), RawServers::fit);
    }

    private static Fit fit(Workload workload) {
        return switch (workload.job()) {
            case FOLLOW -> Fit.unable("it has no followers");
            case STAT, MKDIR, RENAME, TOUCH -> Fit.otherwise("one system call at one server, not durable");
            default -> Fit.SAME;
        };
    }
}
