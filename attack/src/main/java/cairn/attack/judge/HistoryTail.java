package cairn.attack.judge;

import cairn.attack.load.JobPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the history of one client while it grows. Calls are kept by epoch until they are taken to be judged; when they were
 * completed is kept to the end. Thread-safe.
 */
public final class HistoryTail {

    private static final int BUFFER_BYTES = 1 << 20;

    private final JobPlan plan;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final Map<Long, Call> open = new HashMap<>();
    private final TreeMap<Long, List<Call>> byEpoch = new TreeMap<>();
    private final List<String> errors = new ArrayList<>();
    private final Times completed = new Times();
    private long position;
    private long lastDone = -1;

    public HistoryTail(JobPlan plan) {
        this.plan = plan;
    }

    public JobPlan plan() {
        return plan;
    }

    /** Reads what is new. A line without its end is read when it has one. */
    public synchronized void poll() throws IOException {
        if (!Files.exists(plan.history())) {
            return;
        }
        try (FileChannel file = FileChannel.open(plan.history(), StandardOpenOption.READ)) {
            while (file.read(buffer.clear(), position) > 0) {
                buffer.flip();
                int end = lastLineEnd();
                if (end == 0) {
                    return;
                }
                String text = new String(buffer.array(), 0, end, StandardCharsets.UTF_8);
                text.lines().forEach(line -> take(line.split("\t", -1)));
                position += end;
            }
        }
    }

    private int lastLineEnd() {
        int end = buffer.limit();
        while (end > 0 && buffer.get(end - 1) != '\n') {
            end--;
        }
        return end;
    }

    private void take(String[] words) {
        switch (words[0]) {
            case "c" -> call(words);
            case "a" -> answer(words);
            case "d" -> lastDone = Math.max(lastDone, Long.parseLong(words[1]));
            default -> throw new IllegalStateException(plan.history() + ": " + String.join(" ", words));
        }
    }

    private void call(String[] words) {
        List<String> all = List.of(words);
        long epoch = Long.parseLong(words[4]);
        Call call = new Call(words[3], epoch, all.subList(5, words.length), Long.parseLong(words[2]));
        open.put(Long.valueOf(words[1]), call);
        byEpoch.computeIfAbsent(epoch, each -> new ArrayList<>()).add(call);
    }

    private void answer(String[] words) {
        Call call = open.get(Long.valueOf(words[1]));
        if (call == null) {
            throw new IllegalStateException(plan.history() + ": an answer to nothing: " + String.join(" ", words));
        }
        boolean good = words[3].equals("ok");
        long at = Long.parseLong(words[2]);
        call.answered(good, List.of(words).subList(4, words.length), at);
        if (good) {
            open.remove(Long.valueOf(words[1]));
        } else {
            errors.add(plan.name() + ": " + call);
        }
        boolean nothingNew = call.kind().equals("follow") && good && call.answerNumber(0) == 0;
        if (good && !nothingNew) {
            completed.add(at);
        }
    }

    /** The last epoch that it is through with; -1 for none. */
    public synchronized long lastDone() {
        return lastDone;
    }

    /** Takes the calls of an epoch out. */
    synchronized List<Call> take(long epoch) {
        List<Call> calls = byEpoch.remove(epoch);
        return calls == null ? List.of() : calls;
    }

    /** Answers that were errors, since they were taken last. */
    public synchronized List<String> takeErrors() {
        List<String> taken = List.copyOf(errors);
        errors.clear();
        return taken;
    }

    public synchronized int completedCount() {
        return completed.count();
    }

    /** When the oldest call was made that has no answer yet; {@link Long#MAX_VALUE} for none. */
    public synchronized long waitingSince() {
        return open.values().stream()
                .filter(call -> !call.isAnswered())
                .mapToLong(Call::invokedAt)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    synchronized Times.Gap longestGap(List<Times.Window> windows, int which) {
        return completed.longestGap(windows, which);
    }
}
