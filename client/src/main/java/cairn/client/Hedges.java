package cairn.client;

import cairn.model.proof.Probe;
import cairn.rpc.Pending;
import cairn.wire.proto.Member;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hedged reads: one that takes longer than nearly all of its kind is asked of a second replica, too, and the first good answer
 * counts. A budget keeps that to a small share of all reads. Thread-safe.
 */
final class Hedges {

    /** A second request is not worth while before: it costs both sides about 50 microseconds. */
    static final long DELAY_NANOS_MIN = 1_000_000;

    /** Reads of a kind, before anything is known of it. */
    private static final int KNOWN_AFTER = 10;

    /** What quiet times may save up, in reads. */
    private static final int BUDGET_MAX = 10;

    private static final double FIRST_GUESS_NANOS = 10e6;

    /** So the estimate rests where one of twenty is above it: 0.05 ln(1.19) is about -0.95 ln(0.99). */
    private static final double UP = 1.19;

    private static final double DOWN = 0.99;

    /** Reads of up to 4 KiB, 64 KiB, more; and waits for what was asked for ahead. */
    enum Kind {
        SMALL,
        MEDIUM,
        LARGE,
        AHEAD;

        static Kind of(int bytes) {
            return bytes <= 4 << 10 ? SMALL : bytes <= 64 << 10 ? MEDIUM : LARGE;
        }
    }

    /** A read that was sent. */
    record Sent(Member member, Pending pending) {}

    /** Sends the same read to another replica. */
    interface Second {
        /** Null when there is none, or it cannot be reached. */
        @Nullable
        Sent send();
    }

    /** Of one kind. */
    private static final class Known {
        /** One of twenty takes longer. */
        double slowNanos = FIRST_GUESS_NANOS;

        int noted;
    }

    private final Core core;
    private final double share;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Kind, Known> known = new EnumMap<>(Kind.class);
    private double budget = 1;
    private long reads;
    private long hedged;
    private long won;

    Hedges(Core core) {
        this.core = core;
        this.share = core.options.hedgedShare();
        for (Kind kind : Kind.values()) {
            known.put(kind, new Known());
        }
    }

    /** The one whose answer is here first, good if any is; the other is given up. Either may be late, and is then awaited in vain. */
    Sent settle(Kind kind, Sent first, Second second, long deadlineNanos) {
        long began = core.now();
        long delay = delayNanos(kind);
        if (first.pending().settledBy(Math.min(deadlineNanos, began + delay))) {
            note(kind, core.now() - began);
            return first;
        }
        Sent other = core.now() < deadlineNanos && spend() ? second.send() : null;
        if (other == null) {
            first.pending().settledBy(deadlineNanos);
            note(kind, core.now() - began);
            return first;
        }
        core.met(Probe.READ_HEDGED);
        note(kind, Long.MAX_VALUE);
        Sent winner = race(first, other, deadlineNanos);
        (winner.equals(first) ? other : first).pending().abandon();
        if (winner.equals(other)) {
            core.replicas.failed(
                    first.member().getServerId()); // others go first for a moment, or all the budget would go here
            count();
        }
        return winner;
    }

    /** Returns at the first good answer, or when both are bad, or at the deadline: the first of them then. */
    private Sent race(Sent first, Sent other, long deadlineNanos) {
        ReentrantLock finish = new ReentrantLock();
        Condition changed = finish.newCondition();
        Runnable tell = () -> {
            finish.lock();
            try {
                changed.signal();
            } finally {
                finish.unlock();
            }
        };
        first.pending().whenSettled(tell);
        other.pending().whenSettled(tell);
        finish.lock();
        try {
            while (true) {
                if (first.pending().isGood()) {
                    return first;
                }
                if (other.pending().isGood()) {
                    return other;
                }
                boolean bothBad = first.pending().isSettled() && other.pending().isSettled();
                if (bothBad || !core.world.time().await(finish, changed, deadlineNanos)) {
                    return first;
                }
            }
        } finally {
            finish.unlock();
        }
    }

    /** How long to wait for a read of this kind before a second replica is asked; far away if none is to be. Earns budget. */
    long delayNanos(Kind kind) {
        if (share == 0) {
            return Long.MAX_VALUE / 2;
        }
        lock.lock();
        try {
            reads++;
            budget = Math.min(BUDGET_MAX, budget + share);
            Known of = Objects.requireNonNull(known.get(kind));
            return of.noted < KNOWN_AFTER ? Long.MAX_VALUE / 2 : Math.max(DELAY_NANOS_MIN, (long) of.slowNanos);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a second request may be sent now; it counts as sent. */
    boolean spend() {
        lock.lock();
        try {
            if (budget < 1) {
                return false;
            }
            budget--;
            hedged++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** How long one took; without end when it was hedged. */
    void note(Kind kind, long nanos) {
        if (share == 0) {
            return;
        }
        lock.lock();
        try {
            Known of = Objects.requireNonNull(known.get(kind));
            of.noted = Math.min(KNOWN_AFTER, of.noted + 1);
            of.slowNanos *= nanos > of.slowNanos ? UP : DOWN;
        } finally {
            lock.unlock();
        }
    }

    /** The second one won. */
    void count() {
        lock.lock();
        try {
            won++;
        } finally {
            lock.unlock();
        }
    }

    /** What {@link ReadCounts} tells of this. */
    ReadCounts counts(ReadCounts near) {
        lock.lock();
        try {
            return new ReadCounts(near.nearReads(), near.nearBytes(), near.nearGivenUp(), reads, hedged, won);
        } finally {
            lock.unlock();
        }
    }
}
