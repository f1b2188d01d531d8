package cairn.master;

import cairn.model.Amount;
import cairn.model.ServerId;
import java.util.List;

/**
 * How a chunk stands now: who holds what of it, and what that is worth.
 *
 * @param copies by the server's id
 * @param oneRack all good copies are in one rack although another could take one
 */
record Standing(Chunk chunk, int goal, List<Copy> copies, boolean oneRack) {

    /** One replica. {@code established} and {@code length} are as its server reported; 0 when it reported nothing yet. */
    record Copy(ServerId server, Worth worth, long established, long length) {
        /** Readers can be sent to it. */
        boolean counts() {
            return worth == Worth.GOOD || worth == Worth.LEAVING;
        }
    }

    Standing {
        copies = List.copyOf(copies);
    }

    int count(Worth worth) {
        int count = 0;
        for (Copy copy : copies) {
            count += copy.worth() == worth ? 1 : 0;
        }
        return count;
    }

    /** Copies that readers can be sent to. */
    int good() {
        return count(Worth.GOOD) + count(Worth.LEAVING);
    }

    /** A copy on a drained server is still needed: the others do not make up for it yet. */
    boolean isLeaving() {
        return count(Worth.LEAVING) > 0 && count(Worth.GOOD) < goal;
    }

    /** One disk more, and it is lost; files with a goal of one are meant to be so. */
    boolean isSingle() {
        return goal > 1 && good() == 1;
    }

    ChunkHealth health() {
        int good = good();
        if (good == 0) {
            return count(Worth.DAMAGED) > 0 && count(Worth.AWAY) == 0 ? ChunkHealth.CORRUPT : ChunkHealth.MISSING;
        }
        if (good < goal) {
            return ChunkHealth.UNDER;
        }
        if (oneRack && goal > 1) {
            return ChunkHealth.MISPLACED;
        }
        return good > goal ? ChunkHealth.OVER : ChunkHealth.HEALTHY;
    }

    /** In a line, for people. */
    String words() {
        return switch (health()) {
            case HEALTHY -> "%s, as wanted%s".formatted(goodCopies(), leavingWords());
            case OVER -> "%s, %d wanted; the surplus is dropped%s".formatted(goodCopies(), goal, leavingWords());
            case MISPLACED -> "%s, all on one rack although another could take one".formatted(goodCopies());
            case UNDER -> "%d good of %d wanted%s".formatted(good(), goal, others());
            case CORRUPT -> "no good copy; %d damaged, kept for what can still be read".formatted(count(Worth.DAMAGED));
            case MISSING -> "no good copy%s".formatted(others());
        };
    }

    private String goodCopies() {
        return Amount.of(good(), "good copy");
    }

    private String leavingWords() {
        int leaving = count(Worth.LEAVING);
        return leaving == 0 ? "" : "; %d of them on servers that are being drained".formatted(leaving);
    }

    private String others() {
        StringBuilder words = new StringBuilder();
        for (Worth worth : Worth.values()) {
            int count = count(worth);
            if (worth != Worth.GOOD && worth != Worth.LEAVING && count > 0) {
                words.append(words.isEmpty() ? "; " : ", ")
                        .append(count)
                        .append(' ')
                        .append(worth.word());
            }
        }
        return words.toString();
    }
}
