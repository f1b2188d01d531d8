package cairn.simulation.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Judges that a process which nobody uses any more has nothing left over: connections, threads, open files, pooled buffers,
 * calls that wait, work under way. All that is too much is told at once.
 */
public final class LeakCheck {

    private final String process;
    private final List<String> tooMuch = new ArrayList<>();

    public LeakCheck(String process) {
        this.process = process;
    }

    /** The process has {@code count} of {@code what}, and an idle one has no more than {@code most}. */
    public LeakCheck atMost(long most, String what, long count) {
        if (count > most) {
            tooMuch.add("%d %s (at most %d)".formatted(count, what, most));
        }
        return this;
    }

    /** Whether there is not too much of anything. */
    public boolean holds() {
        return tooMuch.isEmpty();
    }

    /** Throws a {@link Violation} when there is too much of anything. */
    public void judge() {
        Violation.unless(tooMuch.isEmpty(), "leak: %s is idle and has %s", process, String.join(", ", tooMuch));
    }
}
