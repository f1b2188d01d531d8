package cairn.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * A file's bytes twice: as every process sees them, and as they are on the platter; with the changes in between, because
 * a power loss may keep any of them and drop any other.
 */
final class StoredFile implements StoredNode {

    private PagedBytes seen = new PagedBytes();
    private PagedBytes durable = new PagedBytes();
    private final List<Change> unsynced = new ArrayList<>();
    private long sequence;

    /** One write, or without bytes one truncate to {@code position}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
    private record Change(long sequence, long position, byte[] bytes, boolean cut) {

        void applyTo(PagedBytes target, int count) {
            if (cut) {
                target.truncate(position);
            } else {
                target.write(bytes, count, position);
            }
        }
    }

    PagedBytes seen() {
        return seen;
    }

    void write(byte[] bytes, long position) {
        seen.write(bytes, bytes.length, position);
        unsynced.add(new Change(sequence++, position, bytes, false));
    }

    void truncate(long bytes) {
        seen.truncate(bytes);
        unsynced.add(new Change(sequence++, bytes, new byte[0], true));
    }

    boolean isSynced() {
        return unsynced.isEmpty();
    }

    /** What a sync that starts now will have made durable when it returns. */
    long mark() {
        return sequence;
    }

    void sync(long mark) {
        int count = 0;
        while (count < unsynced.size() && unsynced.get(count).sequence < mark) {
            Change change = unsynced.get(count++);
            change.applyTo(durable, change.bytes.length);
        }
        unsynced.subList(0, count).clear();
    }

    /** A sync that fails: the kernel has marked the pages clean, and no later sync will write them. */
    void failSync(SimRandom luck) {
        unsynced.removeIf(change -> luck.coin());
    }

    /** Keeps of each unsynced change all, nothing or the first part: often nothing at all, often everything. */
    void losePower(PowerCut cut) {
        PowerCut.Mood mood = cut.mood();
        boolean lostOne = false;
        boolean disorder = false;
        for (Change change : unsynced) {
            int whole = change.bytes.length;
            int kept = switch (mood == PowerCut.Mood.EACH ? cut.moodOfOne() : mood) {
                case NONE -> -1;
                case TORN -> cut.luck().below(whole + 1);
                default -> whole;
            };
            if (kept >= 0) {
                change.applyTo(durable, kept);
                disorder |= lostOne;
            }
            if (kept > 0 && kept < whole) {
                cut.faults().note(Fault.TORN);
            }
            lostOne |= kept < whole;
        }
        if (disorder) {
            cut.faults().note(Fault.DISORDER);
        }
        unsynced.clear();
        seen = durable.copy();
    }

    void flipBit(long position, int bit) {
        seen.flipBit(position, bit);
        durable.flipBit(position, bit);
    }

    @Override
    public long pages() {
        return seen.allocatedPages();
    }
}
