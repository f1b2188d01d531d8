package cairn.attack.ground;

import java.nio.file.Path;
import java.util.List;

/**
 * What strace does to a process at one exact system call: the {@code nth} of its kind in any one thread.
 *
 * @param call one system call, or several with commas
 * @param effect in strace's words
 */
public record Injection(String call, String effect, int nth) {

    public static final String KILL = "signal=KILL";
    public static final String IO_ERROR = "error=EIO";
    public static final String NO_SPACE = "error=ENOSPC";

    /** What strace writes behind a call that it did this to. */
    static final String MARK = "(INJECTED)";

    /** Whether the process is ended by it at once. */
    public boolean kills() {
        return effect.equals(KILL);
    }

    /**
     * The words before a command. {@code -D} makes the tracer a grandchild, so the process started is the one traced. Every call
     * stops at the tracer: with {@code --seccomp-bpf}, which spares the others, strace 6.1 injects nothing.
     */
    List<String> words(Path trace) {
        return List.of(
                "strace",
                "-D",
                "-f",
                "-qqq",
                "-o",
                trace.toString(),
                "-e",
                "trace=" + call,
                "-e",
                "signal=none",
                "-e",
                "inject=%s:%s:when=%d".formatted(call, effect, nth));
    }

    @Override
    public String toString() {
        return "%s at %s %d".formatted(effect, call, nth);
    }
}
