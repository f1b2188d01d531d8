package cairn.simulation.check;

import cairn.simulation.check.Linearizability.Verdict;
import java.util.List;

/**
 * Judges what clients saw of one file that was written at offsets (P4): reads and mutations within one chunk are
 * linearizable, whichever replica answered; and every byte ever read is one that somebody wrote there, or a zero of a gap
 * (P2, P7). Each chunk is an object of its own ({@link ChunkHistory}), because the promise ends at its edge.
 */
public final class FileCheck {

    private final String path;
    private final int chunkBytes;
    private final List<FileOp> history;
    private int judged;
    private int givenUp;

    /** @param history all calls; those that were not answered too, unless they were reads */
    public FileCheck(String path, int chunkBytes, List<FileOp> history) {
        this.path = path;
        this.chunkBytes = chunkBytes;
        this.history = history;
    }

    /** Judges every chunk that a call has touched; throws a {@link Violation} when no order explains what was seen. */
    public void run() {
        long end = 0;
        for (FileOp op : history) {
            end = Math.max(end, op.offset + op.length);
        }
        for (int index = 0; index <= end / chunkBytes; index++) {
            judged++;
            if (new ChunkHistory(chunkBytes, index, history).judge(path) == Verdict.GIVEN_UP) {
                givenUp++;
            }
        }
    }

    public int judged() {
        return judged;
    }

    /** Chunks whose search became too long: nothing is known of them. */
    public int givenUp() {
        return givenUp;
    }
}
