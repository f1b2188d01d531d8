package cairn.simulation;

import java.util.Locale;

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
    CLIENT(
            Zone.PROCESS,
            "A client dies in the middle of its calls.",
            "As `crash`, for a process that appends; another one takes over on its host.",
            "What was acknowledged to it stays. What was not may be there, each mutation whole and at most once (P3)."),
    PAUSE(
            Zone.PROCESS,
            "A process stands still for seconds and then goes on as if nothing had been: SIGSTOP, a swapping host, a long"
                    + " collection of garbage.",
            "None of its threads runs; the kernel of its host goes on receiving for it.",
            "No read is stale and no mutation of an old primary is acknowledged when it wakes up (P4, P6): terms and"
                    + " versions are looked at after the pause, not before it."),
    POWER(
            Zone.DISK,
            "A host loses power: its process dies, its peers hear nothing, and what was not synced may be lost.",
            "Of the unsynced writes to a file and of the unsynced names, none, all, or some first ones are kept.",
            "The master loses nothing: it answers when its log is synced. With class `synced` nothing acknowledged is lost"
                    + " whichever hosts lose power. Class `replicated` may lose what all members of a version lose at once:"
                    + " a plan with that class cuts the power of the master only."),
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
    CUT(
            Zone.NETWORK,
            "A connection breaks in the middle of a frame.",
            "A write moves some of its bytes and fails; each end learns it in its own time, and what was on its way may"
                    + " be lost or not.",
            "What was unanswered may or may not have been carried out; it is sent again with the same number (P3). Half a"
                    + " frame is never taken for a whole one."),
    SKEW(
            Zone.CLOCK,
            "The wall clocks of hosts differ.",
            "Each host's wall clock is wrong by up to three seconds.",
            "No promise depends on a wall clock. Times of files are those of the master's."),
    DRIFT(
            Zone.CLOCK,
            "Monotonic clocks run fast or slow.",
            "Each host's clock runs at a constant rate of its own, wrong by at most the bound.",
            "Terms hold as long as one clock gains no more than a tenth on another, which is what the master adds when it"
                    + " waits for a serving term to end (`MasterSettings`).");

    /** Where it goes wrong. */
    public enum Zone {
        PROCESS,
        DISK,
        NETWORK,
        CLOCK
    }

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
