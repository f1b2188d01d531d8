package cairn.attack.scenario;

import cairn.attack.ground.Program;
import cairn.attack.judge.HistoryTail;
import cairn.attack.load.JobPlan;

/**
 * A client process and its history.
 *
 * @param bornEpoch the epoch in which it was started
 */
record Client(Program program, JobPlan plan, HistoryTail tail, long bornEpoch) {

    /** Whether it is through with {@code epoch}: it will add no call to it. */
    boolean isThrough(long epoch) {
        return !program.isAlive() || bornEpoch > epoch || tail.lastDone() >= epoch;
    }

    @Override
    public String toString() {
        return plan.name();
    }
}
