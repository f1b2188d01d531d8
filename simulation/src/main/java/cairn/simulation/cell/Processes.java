package cairn.simulation.cell;

import cairn.master.MasterSettings;
import cairn.model.ServerAddress;
import cairn.model.proof.Rule;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.world.World;
import java.io.IOException;
import java.util.Set;

/** Starts the master as a simulated cell wants it. */
final class Processes {

    private static final String DIRECTORY = "/master";

    private Processes() {}

    static MasterServer startMaster(World world, ServerAddress listen, CellPlan plan, Sizes sizes, Set<Rule> broken)
            throws IOException {
        MasterOptions options = MasterOptions.of(DIRECTORY, listen)
                .withGeometry(plan.geometry())
                .withReplication(plan.replication())
                .withSettings(MasterSettings.DEFAULT.withUnevenMax(sizes.unevenMax()))
                .withCheckpoints(sizes.log(), sizes.checkpointBytes(), sizes.checkpointEvery())
                .breaking(broken);
        return MasterServer.start(world, options);
    }
}
