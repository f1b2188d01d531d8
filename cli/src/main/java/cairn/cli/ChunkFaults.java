package cairn.cli;

import cairn.client.CellReport;
import cairn.model.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What is wrong with chunks, by the classes of health: one way to say it for report, fsck and doctor. */
final class ChunkFaults {

    private ChunkFaults() {}

    /** The worst first; {@code chunks} tells how many are in a class. */
    static List<String> of(ToLongFunction<String> chunks) {
        List<String> faults = new ArrayList<>();
        add(faults, chunks.applyAsLong("missing"), "chunk missing", "chunks missing");
        add(faults, chunks.applyAsLong("corrupt"), "chunk corrupt", "chunks corrupt");
        add(faults, chunks.applyAsLong("under"), "chunk with too few copies", "chunks with too few copies");
        add(faults, chunks.applyAsLong("misplaced"), "chunk misplaced", "chunks misplaced");
        return faults;
    }

    /** A master that is too old to say the classes says some of them in other fields. */
    static List<String> of(CellReport report) {
        return report.health().isEmpty()
                ? of(health -> switch (health) {
                    case "missing" -> report.chunksMissing();
                    case "under" -> report.chunksUnderReplicated();
                    default -> 0;
                })
                : of(report::chunks);
    }

    /** Adds {@code 1 chunk missing}, unless there is none. */
    static void add(List<String> faults, long count, String one, String many) {
        if (count > 0) {
            faults.add(Amount.of(count, one, many));
        }
    }
}
