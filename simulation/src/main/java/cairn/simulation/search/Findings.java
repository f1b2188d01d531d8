package cairn.simulation.search;

import cairn.simulation.cell.SeedRun.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The failures of a search, one group for each kind: a bug that a hundred seeds show is one finding. Thread-safe. */
final class Findings {
    private static final int KIND_LENGTH_MAX = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<Result>> byKind = new LinkedHashMap<>();

    /** Whether it is the first of its kind. */
    boolean add(Result failed) {
        lock.lock();
        try {
            List<Result> alike = byKind.computeIfAbsent(kind(failed.failure()), kind -> new ArrayList<>());
            alike.add(failed);
            return alike.size() == 1;
        } finally {
            lock.unlock();
        }
    }

    int kinds() {
        lock.lock();
        try {
            return byKind.size();
        } finally {
            lock.unlock();
        }
    }

    /** Those of each kind, in the order in which they were found. */
    List<List<Result>> groups() {
        lock.lock();
        try {
            return byKind.values().stream().map(List::copyOf).toList();
        } finally {
            lock.unlock();
        }
    }

    /** A failure's first line without what differs from seed to seed: whose thread it was, numbers, ids, enumerations. */
    static String kind(String failure) {
        String line = failure.lines().findFirst().orElse("");
        String plain = line.replaceFirst("^\\S+ threw (\\S+\\.)*(Violation: )?", "")
                .replaceAll("\\[[^\\[\\]]*]|\\{[^{}]*}", "")
                .replaceAll("\\b[0-9a-f]{8,}\\b", "#")
                .replaceAll("[0-9]+", "#");
        return plain.length() <= KIND_LENGTH_MAX ? plain : plain.substring(0, KIND_LENGTH_MAX);
    }
}
