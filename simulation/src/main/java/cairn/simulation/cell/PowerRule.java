package cairn.simulation.cell;

import cairn.simulation.SimNode;

/**
 * Whose power may be cut. One host's as long as another good replica of each chunk is left. Any, and all at once, when every
 * mutation was on disk before it was acknowledged, and nothing was lost or damaged since: otherwise unsealed replicas would
 * be suspect and wait for one that never comes back.
 *
 * @param everythingSynced by the plan and by the workload
 */
record PowerRule(Survivors survivors, boolean everythingSynced) {

    boolean mayCutAll() {
        return everythingSynced && survivors.areComplete();
    }

    boolean mayCut(SimNode chunkHost) {
        return mayCutAll() || survivors.mayLose(chunkHost, null);
    }
}
