package cairn.simulation;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What lies between the hosts: delays, losses and partitions. */
final class Links {

    /** What a lost packet costs a TCP stream: the least retransmission timeout of Linux. */
    static final long RETRANSMIT_NANOS = 200_000_000L;

    /** From here on a delay is one to count: more than any switch holds a packet back in peace. */
    private static final long LATE_NANOS = 10_000_000L;

    private static final long GHOST_NANOS_MEAN = 2_000_000_000L; // at most 40 s: less than packets may live

    private final SimScheduler scheduler;
    private SimOptions.Network options;
    private final SimRandom random;
    private final FaultLedger faults;
    private final Map<String, SimNode> hosts = new TreeMap<>();
    private final Set<Long> blocked = new HashSet<>(); // asked, never iterated
    private int connections;

    /** Threads that wait for the same thing, woken together. */
    static final class Waiters {
        private final Queue<SimThread> threads = new ArrayDeque<>(2);

        /** Returns when all are woken, or when somebody wakes this one alone. */
        void park(SimThread me) {
            threads.add(me);
            me.park();
            threads.remove(me);
        }

        void wakeAll() {
            for (SimThread next = threads.poll(); next != null; next = threads.poll()) {
                next.wake();
            }
        }
    }

    Links(SimScheduler scheduler, SimOptions.Network options, SimRandom random, FaultLedger faults) {
        this.scheduler = scheduler;
        this.options = options;
        this.random = random;
        this.faults = faults;
    }

    void add(SimNode host) {
        hosts.put(host.name(), host);
    }

    @Nullable
    SimNode host(String name) {
        return hosts.get(name);
    }

    /** Whether a packet that arrives now was let through. */
    boolean open(SimNode from, SimNode to) {
        return to.isPowered() && (from == to || !blocked.contains(link(from, to)));
    }

    void block(Collection<SimNode> from, Collection<SimNode> to) {
        for (SimNode a : from) {
            for (SimNode b : to) {
                blocked.add(link(a, b));
            }
        }
    }

    void unblock(Collection<SimNode> from, Collection<SimNode> to) {
        for (SimNode a : from) {
            for (SimNode b : to) {
                blocked.remove(link(a, b));
            }
        }
    }

    void heal() {
        blocked.clear();
    }

    void spareConnections() {
        options = options.withCuts(0).withVanishing(0).withGhosts(0);
    }

    private static long link(SimNode from, SimNode to) {
        return (long) from.id() << 32 | to.id();
    }

    /** One packet's way, retransmissions included. */
    long delayNanos() {
        long delay = options.delayMinNanos() + random.exponential(options.delayMeanNanos());
        if (delay >= LATE_NANOS) {
            faults.note(Fault.DELAY);
        }
        while (random.chance(options.lossRate())) {
            faults.note(Fault.LOSS);
            delay += RETRANSMIT_NANOS;
        }
        return delay;
    }

    void after(long nanos, Runnable action) {
        scheduler.after(nanos, action);
    }

    /** A little later than now, now and then much later. */
    long ghostNanos() {
        return random.exponential(GHOST_NANOS_MEAN);
    }

    /** Sends a reset to {@code end}; like every reset it is sent once and may get lost. */
    void reset(SimNode from, SimConnection end, String reason) {
        if (from.isPowered()) {
            scheduler.after(delayNanos(), () -> {
                if (open(from, end.host())) {
                    end.breakWith(reason);
                }
            });
        }
    }

    void note(SimConnection end, String what, long detail) {
        Trace trace = scheduler.trace();
        trace.add(Trace.Event.NETWORK, end.id(), detail);
        if (trace.on()) {
            trace.line(scheduler.nowNanos(), end.host().name(), end + " " + what + " " + detail);
        }
    }

    FaultLedger faults() {
        return faults;
    }

    int nextId() {
        return ++connections;
    }

    SimRandom random() {
        return random;
    }

    SimOptions.Network options() {
        return options;
    }

    SimScheduler scheduler() {
        return scheduler;
    }
}
