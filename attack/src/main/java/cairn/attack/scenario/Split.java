package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Host;
import cairn.attack.ground.Namespaces;
import cairn.attack.ground.Namespaces.Way;
import cairn.attack.ground.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The hosts of a cell, that of all clients among them, in two parts: nothing comes from {@code others} to {@code some}, and
 * perhaps nothing goes the other way.
 */
record Split(List<Host> some, List<Host> others, boolean oneWay) {

    private static final Duration LASTS = Duration.ofSeconds(9);

    Split {
        some = List.copyOf(some);
        others = List.copyOf(others);
    }

    /** Any two parts, with the master and the clients in either; the one way as often as both. */
    static Split any(Cell cell, Random random) throws IOException {
        List<Host> all = new ArrayList<>(cell.all().stream().map(Server::host).toList());
        all.add(cell.clients());
        List<Host> some = new ArrayList<>();
        List<Host> others = new ArrayList<>();
        while (some.isEmpty() || others.isEmpty()) {
            some.clear();
            others.clear();
            all.forEach(host -> (random.nextBoolean() ? some : others).add(host));
        }
        return new Split(some, others, random.nextBoolean());
    }

    private String words() {
        return oneWay ? "split, one way" : "split";
    }

    void inflict(Trial trial, Namespaces net) throws IOException {
        trial.cell().ground().say("%s %s %s", names(some), oneWay ? "do not hear" : "are cut off from", names(others));
        Trial.Running harm = trial.harm(words());
        for (Host host : some) {
            net.cut(host, oneWay ? Set.of(Way.IN) : Set.of(Way.IN, Way.OUT), others);
        }
        trial.go(LASTS);
        for (Host host : some) {
            net.heal(host);
        }
        harm.over();
    }

    private static String names(List<Host> hosts) {
        return hosts.stream().map(Host::name).collect(Collectors.joining(", "));
    }
}
