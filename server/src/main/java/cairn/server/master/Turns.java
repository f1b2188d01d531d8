package cairn.server.master;

import cairn.log.OperationLog;
import cairn.master.Effect;
import cairn.master.MasterCore;
import cairn.master.MasterInput;
import cairn.master.MasterRecord;
import cairn.master.Moment;
import cairn.master.Records;
import cairn.master.Turn;
import cairn.world.Time;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decide, log, apply, answer. Any thread takes a turn under the one lock: step, apply, append. What the turn wants done
 * waits, in the order of the turns, until the log is durable up to all that the turn could see; so nobody ever hears of
 * what a crash could take back, reads included. Thread-safe; never blocks on a disk in {@link #take}.
 */
final class Turns {
    private final MasterCore core;
    private final OperationLog log;
    private final Time time;
    private final Consumer<Effect> perform;
    private final Consumer<Throwable> fatal;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition outgoing = lock.newCondition();
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private boolean performing;
    private boolean closed;

    /** The effects of a turn, and the last record that it could see. */
    private record Outgoing(long index, List<Effect> effects) {}

    /**
     * @param perform carries out one effect, quickly
     * @param fatal told when the core is broken or the log cannot be written: stop the process
     */
    Turns(MasterCore core, OperationLog log, Time time, Consumer<Effect> perform, Consumer<Throwable> fatal) {
        this.core = core;
        this.log = log;
        this.time = time;
        this.perform = perform;
        this.fatal = fatal;
    }

    void take(MasterInput input) {
        Outgoing outgoingNow;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            outgoingNow = decide(input);
            if (mustWait(outgoingNow)) {
                waiting.add(outgoingNow);
                outgoing.signal();
                return;
            }
        } catch (RuntimeException | Error broken) {
            closed = true;
            fatal.accept(broken);
            throw broken;
        } finally {
            lock.unlock();
        }
        outgoingNow.effects().forEach(perform);
    }

    /** What the core shows between two turns; changes nothing. */
    <T> T ask(Function<MasterCore, T> question) {
        lock.lock();
        try {
            return question.apply(core);
        } finally {
            lock.unlock();
        }
    }

    private Outgoing decide(MasterInput input) {
        Turn turn = core.step(input, new Moment(time.nanos(), time.wallMillis()));
        for (MasterRecord record : turn.records()) {
            core.apply(record);
        }
        if (!turn.records().isEmpty()) {
            log.append(Records.encode(turn.records()));
        }
        return new Outgoing(log.lastIndex(), turn.effects());
    }

    private boolean mustWait(Outgoing now) {
        return !waiting.isEmpty() || performing || log.durableIndex() < now.index();
    }

    /** Performs what has waited, until closed; a thread of its own. */
    void performWaiting() {
        try {
            while (true) {
                Outgoing next = awaitNext();
                if (next == null) {
                    return;
                }
                log.awaitDurable(next.index());
                next.effects().forEach(perform);
            }
        } catch (IOException | RuntimeException e) {
            fatal.accept(e);
        }
    }

    private @Nullable Outgoing awaitNext() {
        lock.lock();
        try {
            performing = false;
            while (waiting.isEmpty() && !closed) {
                outgoing.awaitUninterruptibly();
            }
            performing = !waiting.isEmpty();
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Later turns are not taken; what was decided is still performed if the log takes it. */
    void close() {
        lock.lock();
        try {
            closed = true;
            outgoing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
