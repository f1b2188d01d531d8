package cairn.simulation.cell;

import cairn.log.LogOptions;
import cairn.model.ServerAddress;
import cairn.server.master.MasterOptions;
import cairn.server.master.MasterServer;
import cairn.world.World;
import java.io.IOException;
import java.time.Duration;

/** Starts the master as a simulated cell wants it: small sizes, so that what is rare in a real cell happens all the time. */
final class Processes {

    private static final String DIRECTORY = "/master";
    private static final long CHECKPOINT_BYTES = 16 << 10;
    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(30);

    private Processes() {}

    static MasterServer startMaster(World world, ServerAddress listen, CellPlan plan) throws IOException {
        MasterOptions options = MasterOptions.of(DIRECTORY, listen)
                .withGeometry(plan.geometry())
                .withReplication(plan.replication())
                .withCheckpoints(LogOptions.DEFAULT, CHECKPOINT_BYTES, CHECKPOINT_EVERY);
        return MasterServer.start(world, options);
    }
}
