package cairn.simulation.cell;

import cairn.simulation.Fault;
import cairn.simulation.SimNode;
import cairn.simulation.Simulation;
import java.util.ArrayList;
import java.util.List;

/** Keeps hosts, servers and clients, from hearing each other. */
final class NetworkHarm {

    private final Simulation simulation;
    private final Weather weather;
    private final SimulatedCell cell;

    NetworkHarm(Simulation simulation, Weather weather, SimulatedCell cell) {
        this.simulation = simulation;
        this.weather = weather;
        this.cell = cell;
    }

    /** Any two halves; or one chunkserver alone with some of the clients, which is what a stale reader needs. */
    void partition(Fault kind) {
        List<SimNode> some = new ArrayList<>();
        List<SimNode> others = new ArrayList<>();
        SimNode lonely = weather.random().coin() ? weather.any(cell.chunkHosts()) : null;
        for (SimNode node : simulation.nodes()) {
            boolean server = cell.hosts().contains(node);
            boolean apart = (lonely != null && server)
                    ? node.equals(lonely)
                    : weather.random().coin();
            (apart ? some : others).add(node);
        }
        split(kind, some, others, kind == Fault.ONE_WAY);
    }

    /** One host, server or client, does not hear the master, or the master does not hear it; it hears all others. */
    void isolate() {
        List<SimNode> rest = new ArrayList<>(simulation.nodes());
        rest.remove(cell.masterHost());
        split(
                Fault.ISOLATION,
                List.of(weather.any(rest)),
                List.of(cell.masterHost()),
                weather.random().coin());
    }

    private void split(Fault kind, List<SimNode> some, List<SimNode> others, boolean oneWay) {
        weather.note(kind);
        boolean turned = oneWay && weather.random().coin();
        List<SimNode> from = turned ? others : some;
        List<SimNode> to = turned ? some : others;
        if (oneWay) {
            simulation.partitionOneWay(from, to);
        } else {
            simulation.partition(from, to);
        }
        weather.afterwards(kind, () -> simulation.heal(from, to));
    }
}
