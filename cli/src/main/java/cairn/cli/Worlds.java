package cairn.cli;

import cairn.world.World;
import cairn.world.real.RealWorld;

/** The real world, for commands that talk to a cell and for servers. */
final class Worlds {

    private Worlds() {}

    static World real() {
        return RealWorld.create();
    }

    /** Many threads that mostly wait; a broken invariant stops the process. */
    static World forServers() {
        return RealWorld.create(new ServerThreads());
    }
}
