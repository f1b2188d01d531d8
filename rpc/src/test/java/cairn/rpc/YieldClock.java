package cairn.rpc;

import cairn.world.Time;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** Letting others run takes as long as is said. */
final class YieldClock implements Time {
    long nanos = Long.MAX_VALUE - 1_000_000; // it may run over
    long awayNanos = 20_000;
    int turns;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public long wallMillis() {
        return nanos / 1_000_000;
    }

    @Override
    public void sleep(long more) {
        nanos += more;
    }

    @Override
    public void letOthersRun() {
        nanos += awayNanos;
        turns++;
    }

    @Override
    public boolean await(Lock lock, Condition condition, long deadlineNanos) {
        throw new AssertionError("nobody waits here");
    }
}
