package cairn.master;

import cairn.model.FileId;
import java.util.List;

/**
 * As much of a mutation's answer as is needed to give it again.
 *
 * @param method number of the call
 * @param file the file or directory made or changed
 * @param trashPath where a deleted entry lies; empty otherwise
 * @param numbers figures of the answer, if it has any
 */
public record Outcome(int method, FileId file, String trashPath, List<Long> numbers) {
    public Outcome {
        numbers = List.copyOf(numbers);
    }

    Outcome(int method, FileId file, String trashPath) {
        this(method, file, trashPath, List.of());
    }
}
