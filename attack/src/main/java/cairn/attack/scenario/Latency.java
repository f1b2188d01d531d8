package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Host;
import cairn.attack.ground.Hosts;
import cairn.attack.ground.Namespaces;
import cairn.attack.ground.Need;
import cairn.attack.load.ProxyMain;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Everything that goes to a chunkserver, and back, takes longer: servers in another building. Then one of them dies. */
final class Latency implements Scenario {

    private static final double RECORDS_PER_SECOND = 20;
    private static final int DELAY_MILLIS = 15;
    private static final int PORT = 7434;
    private static final int PROXY_PORT = 17434;
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration CALM = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String sentence() {
        return "every chunkserver is 30 ms away, there and back, and two of them are killed: no violation";
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.ROOT, Need.NAMESPACES);
    }

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public void run(Ground ground) throws IOException {
        Namespaces net = new Namespaces(ground);
        Hosts distant = name -> {
            Host host = net.make(name);
            if (name.startsWith("cs")) {
                delay(ground, net, host);
            }
            return host;
        };
        Cell cell = Cell.start(ground, Cell.Plan.small(4), distant, Cell.Directories.plain(ground));
        Trial trial = Loads.start(ground, cell, 4, RECORDS_PER_SECOND);
        trial.go(CALM);
        Kills.kill(trial, "kill distant primary", trial.victim(Victims.Part.PRIMARY));
        trial.go(CALM);
        Kills.kill(trial, "kill distant secondary", trial.victim(Victims.Part.SECONDARY));
        trial.go(CALM);
        trial.finish();
    }

    private static void delay(Ground ground, Namespaces net, Host host) throws IOException {
        List<String> words =
                List.of(Integer.toString(PROXY_PORT), host.address() + ":" + PORT, Integer.toString(DELAY_MILLIS));
        ground.startClient("proxy-" + host.name(), host.enter(), ProxyMain.class, words)
                .awaitLine("ready", READY);
        net.redirect(host, PORT, PROXY_PORT);
    }
}
