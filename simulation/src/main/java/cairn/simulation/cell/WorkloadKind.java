package cairn.simulation.cell;

import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import java.util.List;
import java.util.Locale;

/** The workloads there are. */
public enum WorkloadKind {
    NAMESPACE,
    FILES,
    APPENDS,
    MIXED,
    HOT,
    PUTS,
    SNAPSHOTS,

    /** Appends and files while an operator drains servers. */
    MOVES;

    /** What seeds run in turn, the dearest once in a round. A prime number of turns: nothing else that goes by the seed keeps step. */
    private static final List<WorkloadKind> IN_TURN = List.of(
            NAMESPACE, FILES, APPENDS, MIXED, HOT, MOVES, NAMESPACE, FILES, APPENDS, SNAPSHOTS, MIXED, HOT, PUTS);

    /** The one that a seed runs unless told otherwise. */
    public static WorkloadKind of(long seed) {
        return IN_TURN.get(Math.floorMod(seed, IN_TURN.size()));
    }

    List<Workload> make(Simulation simulation, Clients clients, CellPlan plan, Storm storm) {
        return switch (this) {
            case NAMESPACE -> List.of(new NamespaceWorkload(simulation, clients, plan));
            case FILES ->
                sparing(
                        storm,
                        new FileWorkload(simulation, clients, plan, "file0"),
                        new FileWorkload(simulation, clients, plan, "file1"));
            case APPENDS -> List.of(appends(simulation, clients, plan, storm));
            case PUTS -> sparing(storm, new PutWorkload(simulation, clients, plan));
            case MIXED ->
                sparing(
                        storm,
                        new NamespaceWorkload(simulation, clients, plan),
                        new FileWorkload(simulation, clients, plan, "file0"),
                        appends(simulation, clients, plan, storm));
            case SNAPSHOTS -> {
                Workload snapshots = new SnapshotWorkload(simulation, clients, plan);
                boolean moving = new SimRandom(simulation.seed()).stream("kind").coin();
                yield moving
                        ? sparing(storm, snapshots, new MoveWorkload(simulation, clients, plan, storm))
                        : sparing(storm, snapshots);
            }
            case MOVES ->
                sparing(
                        storm,
                        new FileWorkload(simulation, clients, plan, "file0"),
                        appends(simulation, clients, plan, storm),
                        new MoveWorkload(simulation, clients, plan, storm));
            case HOT -> sparing(storm, new HotWorkload(simulation, clients, plan, storm));
        };
    }

    /** Workloads of which one writes first and syncs then. */
    private static List<Workload> sparing(Storm storm, Workload... workloads) {
        storm.spareUnsynced();
        return List.of(workloads);
    }

    private static Workload appends(Simulation simulation, Clients clients, CellPlan plan, Storm storm) {
        AppendWorkload appends = new AppendWorkload(simulation, clients, plan, "log");
        storm.mayKill(appends::killOne);
        return appends;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
