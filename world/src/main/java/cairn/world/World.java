package cairn.world;

/** One process's view of the outside: all it may use of clocks, threads, network, disks and randomness. */
public record World(Time time, Threads threads, Network network, Disks disks, Entropy entropy) {}
