package cairn.master;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may set while the cell runs, for good ({@code cairn limits}, docs/limits.md): how much is copied at a time and how
 * fast (GFS 6.2.5). What is not set is as {@link MasterSettings} has it. Numbers are those of the log and never reused.
 */
public enum CellLimit {
    COPIES_IN_CELL(1, Unit.NUMBER, 1, 2_000, "replicas copied at a time in the cell"),
    COPIES_PERCENT(
            2, Unit.PERCENT, 1, 100, "in a cell where that is more: as many as this share of its live chunkservers"),
    COPIES_PER_SERVER(3, Unit.NUMBER, 1, 100, "of these, how many each chunkserver gives and takes"),
    RATE_PER_COPY(
            4, Unit.BYTES_PER_SECOND, 1 << 20, 1L << 40, "the most that one copy moves, however idle its servers are"),
    UNEVEN_PERCENT(
            5, Unit.PERCENT, 1, 100, "chunkservers are evened out when one is fuller than another by more; 100: never");

    enum Unit {
        NUMBER(""),
        PERCENT("percent"),
        BYTES_PER_SECOND("bytes per second");

        private final String word;

        Unit(String word) {
            this.word = word;
        }

        /** As the protocol has it; empty for a mere number. */
        String word() {
            return word;
        }
    }

    private final int number;
    private final Unit unit;
    private final long least;
    private final long most;
    private final String meaning;

    CellLimit(int number, Unit unit, long least, long most, String meaning) {
        this.number = number;
        this.unit = unit;
        this.least = least;
        this.most = most;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    Unit unit() {
        return unit;
    }

    long least() {
        return least;
    }

    long most() {
        return most;
    }

    String meaning() {
        return meaning;
    }

    /** As people write it: {@code copies-in-cell}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean allows(long value) {
        return value >= least && value <= most;
    }

    static @Nullable CellLimit named(String word) {
        for (CellLimit limit : values()) {
            if (limit.word().equals(word)) {
                return limit;
            }
        }
        return null;
    }

    static @Nullable CellLimit numbered(int number) {
        for (CellLimit limit : values()) {
            if (limit.number == number) {
                return limit;
            }
        }
        return null;
    }
}
