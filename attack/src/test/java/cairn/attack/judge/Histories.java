package cairn.attack.judge;

import cairn.attack.load.Epochs;
import cairn.attack.load.JobPlan;
import cairn.attack.load.JobPlan.Kind;
import cairn.attack.load.JobPlan.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Histories written by hand, with blanks for tabs. */
final class Histories {

    private Histories() {}

    static HistoryTail tail(Path directory, Kind job, String text) throws IOException {
        Path file = directory.resolve(job + ".history");
        Files.writeString(file, text.replace(' ', '\t'));
        Epochs epochs = new Epochs(0, Long.MAX_VALUE);
        HistoryTail tail =
                new HistoryTail(new JobPlan(job, job + "1", "127.0.0.1:1", 1, file, epochs, 1, Style.SINGLE));
        tail.poll();
        return tail;
    }
}
