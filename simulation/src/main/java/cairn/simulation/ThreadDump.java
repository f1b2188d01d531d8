package cairn.simulation;

import java.util.Collection;

/** Who waits where: the text of a deadlock. */
final class ThreadDump {

    private static final int THREADS_MAX = 200; // of one process

    private ThreadDump() {}

    static String of(Collection<SimNode> nodes) {
        StringBuilder text = new StringBuilder();
        for (SimNode node : nodes) {
            Life life = node.life();
            if (life == null) {
                text.append("  ").append(node).append(": no process\n");
            } else {
                life.threads().stream().limit(THREADS_MAX).forEach(thread -> append(text, thread));
            }
        }
        return text.toString();
    }

    /** The kernel's own frames and the JDK's say nothing; the first frames of the code that waits do. */
    private static void append(StringBuilder text, SimThread thread) {
        boolean paused = thread.life().isPaused();
        text.append("  ").append(thread).append(paused ? " (paused)" : "").append('\n');
        for (StackTraceElement frame : thread.stack()) {
            if (!frame.getClassName().startsWith("java.lang.VirtualThread")) {
                text.append("      at ").append(frame).append('\n');
            }
        }
    }
}
