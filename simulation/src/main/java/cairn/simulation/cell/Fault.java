package cairn.simulation.cell;

/** What {@link Storm} may do, beside what the network and the disks do by themselves. */
enum Fault {
    /** kill -9 of a master or chunkserver, and a restart later. */
    CRASH,
    /** kill -9 of a process that appends; a new one goes on. */
    CLIENT,
    /** Processes that are stopped for a while (SIGSTOP). */
    PAUSE,
    /** Hosts that do not hear each other, in both directions or one. */
    PARTITION,
    /** A host loses power, and what it had not synced. */
    POWER,
    /** Connections that break in the middle of a write. */
    CUT
}
