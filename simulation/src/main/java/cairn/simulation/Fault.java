package cairn.simulation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The fault model: everything that may go wrong in a cell, zone by zone. Each entry says what happens, how the simulated
 * world does it, and what is promised all the same, with the bound of the promise where it has one. {@code cairn sim
 * --faults} names them; {@code docs/fault-model.md} is written from here.
 *
 * <p>Every fault composes with every workload and with every other fault. A seed draws which are on, how often each comes
 * and how long it lasts; the extremes are drawn as well. Each is counted where it takes effect: {@link FaultLedger}.
 */
public enum Fault {
    CRASH(
            Zone.PROCESS,
            "A master or chunkserver dies at any point, as by kill -9. What it wrote stays, what it was about to do is"
                    + " never done.",
            "The threads of the process never run again, wherever they stand; its connections break. It is started again"
                    + " on its disks later.",
            "Nothing acknowledged is lost (P1, P3, P5). Writers and readers pause until a version without the server stands"
                    + " or the master is back (P9)."),
    CRASH_AT_WRITE(
            Zone.PROCESS,
            "A server dies between two changes of a disk: two writes, a write and the rename behind it.",
            "As `crash`, just before the n-th change of one of its disks from now, n drawn.",
            "As `crash`: what one step left half done, the next start finishes or takes back."),
    CLIENT(
            Zone.PROCESS,
            "A client dies in the middle of its calls.",
            "As `crash`, for a process that appends; another one takes over on its host.",
            "What was acknowledged to it stays. What was not may be there, each mutation whole and at most once (P3)."),
    DISK_LOST(
            Zone.PROCESS,
            "A chunkserver comes back without one of its disks, or without any: empty, as a new server.",
            "As `crash`; before the restart the disks are replaced by empty ones.",
            "Its replicas are made again from others (P8). Nothing acknowledged is lost while one up-to-date replica lives"
                    + " (P1); so the storm spares the last good replica of every chunk, and the master's disk, which has no"
                    + " copy as long as there is one master."),
    PAUSE(
            Zone.PROCESS,
            "A process stands still for seconds and then goes on as if nothing had been: SIGSTOP, a swapping host, a long"
                    + " collection of garbage.",
            "None of its threads runs; the kernel of its host goes on receiving for it.",
            "No read is stale and no mutation of an old primary is acknowledged when it wakes up (P4, P6): terms and"
                    + " versions are looked at after the pause, not before it."),
    SLOW(
            Zone.PROCESS,
            "A process, server or client, is slow by a factor of up to 20 000: a starved or thrashing host.",
            "Every step of every thread of it waits for as many steps first.",
            "Whoever waits for it goes on without it after a while; the process itself, slow as it is, obeys terms and"
                    + " versions (P4, P6)."),
    FLAP(
            Zone.PROCESS,
            "A chunkserver restarts again and again: a supervisor that does not give up, a host with bad memory.",
            "As `crash`, up to twelve times one behind the other; it is away and back for tens of milliseconds to 20 s each time, which is"
                    + " less or more than every patience of the master's.",
            "As `crash`. It is given nothing new that could wait while it is in trouble; whatever it was away for, goals are"
                    + " restored once it stays (P8)."),
    JOIN(
            Zone.PROCESS,
            "A new chunkserver joins in the middle of everything.",
            "A host with empty disks is added, up to two in a run, and its chunkserver registers.",
            "It gets new chunks and copies like the others, and replicas of fuller servers; no chunk has fewer live copies"
                    + " for it at any moment (P8)."),
    POWER(
            Zone.DISK,
            "A host loses power: its process dies, its peers hear nothing, and what was not synced may be lost.",
            "Of the unsynced writes to a file and of the unsynced names, none, all, or some first ones are kept.",
            "The master loses nothing: it answers when its log is synced. With class `synced` nothing acknowledged is lost"
                    + " whichever hosts lose power. Class `replicated` may lose what all members of a version lose at once;"
                    + " so the storm spares the last good replica of every chunk, except where every mutation was synced"
                    + " before it was acknowledged and no disk was lost or damaged."),
    BLACKOUT(
            Zone.DISK,
            "All servers lose power at the same moment.",
            "As `power`, for all hosts; each comes back in its own time.",
            "With class `synced` nothing acknowledged is lost. Plans of class `replicated` know no blackout: it may take the"
                    + " mutations of the last seconds, and what remains is consistent."),
    TORN(
            Zone.DISK,
            "A power loss keeps the first part of a write, not the rest.",
            "Each unsynced write may be cut at any byte when the power goes. Without `power` it does nothing.",
            "As `power`: a torn record or block is known by its checksum and never taken for a whole one (P7)."),
    DISORDER(
            Zone.DISK,
            "A power loss keeps later writes and loses earlier ones.",
            "Each unsynced write and name is kept or lost by itself when the power goes. Without `power` it does nothing.",
            "As `power`: nothing relies on the order of two writes without a sync between them."),
    ROT(
            Zone.DISK,
            "Bits of a file turn over while nobody looks.",
            "Up to eight bits of one file of a replica, data or journal, are flipped on the platter.",
            "No reader ever gets a wrong byte (P7). The replica is found out when it is read, reported, and made again from"
                    + " a good one. Bound: one good replica of the chunk is left, as for `disk-lost`. The last record of a"
                    + " journal cannot be told from a torn one; other members know better."),
    MISREAD(
            Zone.DISK,
            "A read gives a wrong bit although the platter is right.",
            "One bit of what the next read of one file of a replica returns is flipped.",
            "What fails its checksum is read once more before anybody believes it. As `rot` all the same: two such reads in turn"
                    + " may put a good replica aside, so the bound is the same."),
    MISDIRECTED(
            Zone.DISK,
            "The disk writes to the wrong place and reports success: the right place keeps its old bytes.",
            "One write to a file of a replica goes to some place in another replica's file on the same disk.",
            "As `rot`, for both replicas: each counts as damaged for the bound."),
    IO_ERROR(
            Zone.DISK,
            "Some operations of a disk fail. A failed sync may have dropped what it was to write, and the next one does not"
                    + " say so.",
            "For a while a share of all operations of one disk throws an error.",
            "A mutation that could not be written is not acknowledged by that member; the version goes on without it. A master"
                    + " that cannot write its log stops: its memory is ahead of its disk."),
    DEAD_DISK(
            Zone.DISK,
            "Every operation of a disk fails.",
            "As `io-error`, for all operations; when it is over, what is on the disk is there again.",
            "As `io-error`. What lies on that disk is counted out and made again elsewhere (P8)."),
    FULL(
            Zone.DISK,
            "A disk is full, or nearly so.",
            "Room is taken away but for up to 256 KiB; later it is given back.",
            "What does not fit is not acknowledged by that member. Nothing that was written is harmed."),
    SLOW_DISK(
            Zone.DISK,
            "A disk is slow by a factor of up to 1 000.",
            "Every operation takes so much longer for a while.",
            "As `slow`: the others go on without it."),
    GONE(
            Zone.DISK,
            "The data directory of a running chunkserver vanishes, or the part that holds the replicas.",
            "The names are removed, with all below, on the platter too; files that the process has open stay usable without a"
                    + " name.",
            "As `disk-lost`, with the same bound, and the process must find out by itself."),
    DELAY(
            Zone.NETWORK,
            "Packets take their time, each another one; so what was sent on different connections arrives in any order.",
            "Every piece of a stream is delayed by an exponential time of a mean that the seed draws. One that takes ten"
                    + " milliseconds or more is counted.",
            "Nothing relies on the order of messages of different connections."),
    LOSS(
            Zone.NETWORK,
            "Packets are lost and sent again.",
            "A piece of a stream comes 200 ms later for each time that it was lost, and all behind it wait.",
            "A pause, no failure: a time-out that a few lost packets could reach would make servers suspects."),
    GHOST(
            Zone.NETWORK,
            "Requests arrive twice. TCP gives no byte twice within a stream; but a request that was given up and sent again"
                    + " elsewhere may still arrive, seconds later, on the connection that its sender has forgotten.",
            "What was sent on a connection, up to 128 KiB from its beginning, comes once more to the same process, on a"
                    + " connection of its own, up to 40 s later, cut anywhere; the answers are thrown away.",
            "Nothing is done twice (P3, P5): requests carry numbers, versions and sessions, and old ones are refused or"
                    + " answered as before."),
    PARTITION(
            Zone.NETWORK,
            "Hosts, servers and clients, fall into two sets that do not hear each other; a single chunkserver with some of"
                    + " the clients among them, too.",
            "Nothing arrives from the other set; streams stop and go on when it is over.",
            "The side without a chunk's members or without the master waits. Nobody is ever served what was left behind"
                    + " (P4): a cut-off replica serves no longer than its serving term, and a version that drops it waits so"
                    + " long."),
    ONE_WAY(
            Zone.NETWORK,
            "The same in one direction only: requests arrive and answers do not, or the other way round.",
            "As `partition`, from one set to the other.",
            "As `partition`. An answer that does not arrive leaves a request that was carried out: retries carry its"
                    + " number (P3)."),
    ISOLATION(
            Zone.NETWORK,
            "One host, a server or a client, cannot talk to the master, or the master not to it; it can to all others.",
            "As `partition` or `one-way`, between that host and the master's.",
            "A chunkserver stops serving when its term is over (P4). A client goes on with what it knows where that is"
                    + " enough."),
    CUT(
            Zone.NETWORK,
            "A connection breaks in the middle of a frame.",
            "A write moves some of its bytes and fails; each end learns it in its own time, and what was on its way may"
                    + " be lost or not.",
            "What was unanswered may or may not have been carried out; it is sent again with the same number (P3). Half a"
                    + " frame is never taken for a whole one."),
    HALF_OPEN(
            Zone.NETWORK,
            "A connection is open at both ends and dead between them: something on the way has forgotten it.",
            "From some write on nothing of the connection arrives any more, and no end is told.",
            "Whoever waits finds out by pings and goes elsewhere; nobody waits for ever."),
    SKEW(
            Zone.CLOCK,
            "The wall clocks of hosts differ.",
            "Each host's wall clock is wrong by up to three seconds.",
            "No promise depends on a wall clock. Times of files are those of the master's."),
    DRIFT(
            Zone.CLOCK,
            "Monotonic clocks run fast or slow.",
            "Each host's clock runs at a constant rate of its own, wrong by up to one part in 21.",
            "Terms hold as long as one clock gains no more than a tenth on another, which is what the master adds when it"
                    + " waits for a serving term to end (`Patience.DRIFT_SHARE`). That is the bound."),
    WALL_JUMP(
            Zone.CLOCK,
            "Somebody sets a wall clock, forwards or back, while the processes run.",
            "The wall clock of one host jumps by a millisecond to ten days.",
            "As `skew`. What was in the trash may be purged early or late: that time is the master's wall clock.");

    /** Where it goes wrong. */
    public enum Zone {
        PROCESS,
        DISK,
        NETWORK,
        CLOCK
    }

    /** What a run has unless it names some. */
    public static final Set<Fault> ALL = Collections.unmodifiableSet(EnumSet.allOf(Fault.class));

    private final Zone zone;
    private final String happens;
    private final String injected;
    private final String promise;

    Fault(Zone zone, String happens, String injected, String promise) {
        this.zone = zone;
        this.happens = happens;
        this.injected = injected;
        this.promise = promise;
    }

    public Zone zone() {
        return zone;
    }

    /** What goes wrong. */
    public String happens() {
        return happens;
    }

    /** How the simulated world does it. */
    public String injected() {
        return injected;
    }

    /** What holds all the same, and where that ends. */
    public String promise() {
        return promise;
    }

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
