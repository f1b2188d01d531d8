package cairn.simulation;

import cairn.world.Time;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** The time port of one life. */
final class SimTime implements Time {

    private final Life life;
    private final SimScheduler scheduler;
    private final SimClock clock;

    SimTime(Life life) {
        this.life = life;
        this.scheduler = life.node().scheduler();
        this.clock = life.node().clock();
    }

    @Override
    public long nanos() {
        return clock.nanos();
    }

    @Override
    public long wallMillis() {
        return clock.wallMillis();
    }

    @Override
    public void sleep(long nanos) {
        life.enter();
        long until = clock.nanos() + nanos;
        do {
            scheduler.sleep(clock.worldNanosAt(until) - scheduler.nowNanos());
        } while (clock.nanos() < until); // only when the clock slowed down meanwhile
    }

    @Override
    public void letOthersRun() {
        life.enter();
        scheduler.yieldNow();
    }

    /**
     * An untimed wait that a simulated timer ends by interrupting it: exactly this waiter leaves the condition, as with a
     * timed wait of the JDK, and a signal that came first wins. Nobody else may interrupt, so a left-over interrupt is
     * ours and is cleared.
     */
    @Override
    @SuppressWarnings("WaitNotInLoop") // the caller loops: see the port
    public boolean await(Lock lock, Condition condition, long deadlineNanos) {
        SimThread me = life.enter();
        long deadline = clock.worldNanosAt(deadlineNanos);
        if (deadline <= scheduler.nowNanos()) {
            letOthersIn(lock);
            return false;
        }
        Timers.Timer timer = scheduler.timers().at(deadline, me::interrupt);
        try {
            condition.await();
        } catch (InterruptedException expired) {
            // the deadline, below
        } finally {
            scheduler.timers().cancel(timer);
            boolean _ = Thread.interrupted();
        }
        return clock.nanos() < deadlineNanos;
    }

    /** As a timed wait of the JDK does even when it has no time left. */
    private void letOthersIn(Lock lock) {
        lock.unlock();
        scheduler.yieldNow();
        lock.lock();
    }
}
