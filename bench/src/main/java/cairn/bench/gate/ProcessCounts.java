package cairn.bench.gate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts of some processes together, each a JVM. What is asked of the JVMs is asked outside of what is read from the kernel, so
 * that the asking is not counted as calls.
 */
final class ProcessCounts implements Closeable {
    private final List<Long> processIds;
    private final List<JvmDoor> doors = new ArrayList<>();
    private final Map<Counted, Long> counts = new EnumMap<>(Counted.class);

    /** What they count in a second when nobody asks them anything. */
    private final Map<Counted, Double> idle = new EnumMap<>(Counted.class);

    private long began;
    private long ended;

    private ProcessCounts(List<Long> processIds) {
        this.processIds = List.copyOf(processIds);
    }

    static ProcessCounts of(List<Long> processIds) throws IOException {
        ProcessCounts counts = new ProcessCounts(processIds);
        try {
            for (long id : processIds) {
                counts.doors.add(JvmDoor.open(id));
            }
        } catch (IOException e) {
            counts.close();
            throw e;
        }
        return counts;
    }

    void begin() throws IOException {
        counts.clear();
        addAllocated(-1);
        addCalls(-1);
        began = System.nanoTime();
    }

    void end() throws IOException {
        ended = System.nanoTime();
        addCalls(1);
        addAllocated(1);
    }

    /** Takes what was between the last {@link #begin} and {@link #end} for what they do for themselves. */
    void wasIdle() {
        for (Counted what : Counted.values()) {
            idle.put(what, counts.getOrDefault(what, 0L) / seconds());
        }
    }

    /** Between the last {@link #begin} and {@link #end}, without what they do for themselves, which is more on a slow machine. */
    double count(Counted what) {
        return Math.max(0, counts.getOrDefault(what, 0L) - idle.getOrDefault(what, 0.0) * seconds());
    }

    private double seconds() {
        return (ended - began) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private void addAllocated(int sign) throws IOException {
        for (JvmDoor door : doors) {
            add(Counted.ALLOCATED, sign * door.allocatedBytes());
        }
    }

    private void addCalls(int sign) throws IOException {
        for (long id : processIds) {
            for (String line : Files.readAllLines(Path.of("/proc/" + id + "/io"))) {
                int colon = line.indexOf(':');
                long value = sign * Long.parseLong(line.substring(colon + 1).strip());
                switch (line.substring(0, colon)) {
                    case "syscr" -> add(Counted.READS, value);
                    case "syscw" -> add(Counted.WRITES, value);
                    case "rchar", "wchar" -> add(Counted.COPIED, value);
                    default -> {} // what reached the disk is the page cache's affair
                }
            }
        }
    }

    private void add(Counted what, long value) {
        counts.merge(what, value, Long::sum);
    }

    @Override
    public void close() throws IOException {
        for (JvmDoor door : doors) {
            door.close();
        }
    }
}
