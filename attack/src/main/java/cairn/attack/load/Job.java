package cairn.attack.load;

import cairn.client.Cairn;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;
import java.util.Random;

/** One client's work: a while on each epoch's files, until it is told to stop. One thread. */
abstract class Job {

    private static final long RETRY_MILLIS = 20;

    protected final JobPlan plan;
    protected final Cairn cairn;
    protected final History history;
    protected final Pace pace;
    protected final Random random;
    private volatile boolean stopped;

    Job(JobPlan plan, Cairn cairn, History history) {
        this.plan = plan;
        this.cairn = cairn;
        this.history = history;
        this.pace = new Pace(plan.rate());
        this.random = new Random(plan.number());
    }

    /** Works on the files of {@code epoch} until {@link #isOver}. What it throws ends the process, and is a finding. */
    abstract void work(long epoch, String path) throws IOException;

    final void run() throws IOException {
        while (!stopped) {
            long epoch = plan.epochs().current();
            work(epoch, Epochs.path(plan.job(), epoch));
            history.done(epoch);
        }
    }

    final void stop() {
        stopped = true;
    }

    protected final boolean isOver(long epoch) {
        return stopped || plan.epochs().current() > epoch;
    }

    /** Something that is opened. */
    interface Opening<T> {
        T open() throws IOException;
    }

    /** Opens what somebody else makes; null when it is not there before the epoch is over. */
    protected final <T> @org.jspecify.annotations.Nullable T awaitThere(long epoch, Opening<T> opening)
            throws IOException {
        while (!isOver(epoch)) {
            try {
                return opening.open();
            } catch (CairnException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
                Pace.sleepMillis(RETRY_MILLIS);
            }
        }
        return null;
    }

    /** Of every order of magnitude from 1 to {@code most}. */
    protected final int anyLength(int most) {
        int bits = random.nextInt(Integer.SIZE - Integer.numberOfLeadingZeros(most));
        return Math.min(most, (1 << bits) + random.nextInt(1 << bits));
    }

    protected final void failed(long call, CairnException problem) {
        history.error(call, problem.code().name(), String.valueOf(problem.getMessage()));
    }
}
