package cairn.simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;

/**
 * The real CPU time that the processes of one host take in their steps, by the names of their threads: their own code and
 * the simulated network and disks under it, without garbage collection and compilation, which are done elsewhere. Asking the
 * kernel adds about half a microsecond to each step. Read it between runs.
 */
public final class CpuMeter {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final SimNode node;
    private final boolean charged;
    private final Map<String, Long> nanosByThread = new TreeMap<>();
    private long nanos;

    CpuMeter(SimNode node, boolean charged) {
        this.node = node;
        this.charged = charged;
    }

    /** In all. */
    public long nanos() {
        return nanos;
    }

    /** Of the threads with this name. */
    public long nanosOf(String thread) {
        return nanosByThread.getOrDefault(thread, 0L);
    }

    boolean measures(SimThread thread) {
        return thread.life().node().equals(node);
    }

    long begin() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** How much simulated time passes for it. */
    long end(SimThread thread, long beganNanos) {
        long taken = THREADS.getCurrentThreadCpuTime() - beganNanos;
        nanos += taken;
        nanosByThread.merge(thread.name(), taken, Long::sum);
        return charged ? taken : 0;
    }
}
