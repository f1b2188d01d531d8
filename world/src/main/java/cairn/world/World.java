package cairn.world;

import cairn.model.proof.Witness;

/**
 * One process's view of the outside: all it may use of clocks, threads, network, disks and randomness.
 *
 * @param witness is told which fault-handling branches the process takes; not a door: nothing comes back
 */
public record World(Time time, Threads threads, Network network, Disks disks, Entropy entropy, Witness witness) {}
