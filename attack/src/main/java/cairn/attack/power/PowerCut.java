package cairn.attack.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/**
 * One moment at which the power goes, and what the disk makes of it: everything up to the last flush is there; of the writes
 * after it, none, all, or any, some of them only in their first sectors. What was written with force (FUA) is there.
 *
 * @param at how many entries of the log had been done
 * @param mood what becomes of unflushed writes
 */
record PowerCut(int at, Mood mood, long seed) {

    /** What becomes of writes that no flush followed. */
    enum Mood {
        ALL_LOST,
        ALL_KEPT,
        ANY_LOST,
        ANY_LOST_OR_TORN,
        /** A disk that lies about its last flushes, which no promise covers: to see that the test would notice. */
        FLUSHES_IGNORED;

        /** What an honest disk may do. */
        static final List<Mood> HONEST = List.of(ALL_LOST, ALL_KEPT, ANY_LOST, ANY_LOST_OR_TORN);
    }

    /** The part of the log whose flushes a lying disk ignores. */
    private static final double IGNORED_SHARE = 0.3;

    static PowerCut draw(WriteLog log, int first, Random random) {
        int at = first + random.nextInt(log.entries().size() - first);
        Mood mood = Mood.HONEST.get(random.nextInt(Mood.HONEST.size()));
        return new PowerCut(at, mood, random.nextLong());
    }

    /** The last mark that was set before the power went; empty when there is none. */
    String mark(WriteLog log) {
        for (WriteLog.Entry entry : log.entries().subList(0, at).reversed()) {
            if (entry.isMark()) {
                return entry.mark();
            }
        }
        return "";
    }

    /** Makes {@code disk} what the disk is afterwards: {@code before} with the log's writes. Returns a few words about it. */
    String apply(WriteLog log, Path before, Path disk) throws IOException {
        Files.copy(before, disk, StandardCopyOption.REPLACE_EXISTING);
        List<WriteLog.Entry> done = log.entries().subList(0, at);
        int flushed = flushed(done);
        Random luck = new Random(seed);
        int kept = 0;
        int loose = 0;
        try (FileChannel file = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            for (int i = 0; i < done.size(); i++) {
                WriteLog.Entry entry = done.get(i);
                if (!entry.isWrite()) {
                    continue;
                }
                boolean safe = i < flushed || (entry.isForced() && mood != Mood.FLUSHES_IGNORED);
                long sectors = safe ? entry.sectors() : survivors(entry, luck);
                loose += safe ? 0 : 1;
                kept += !safe && sectors > 0 ? 1 : 0;
                write(file, log.data(entry, sectors), log.positionOf(entry));
            }
        }
        return "entry %d of %d, %s, %d of %d unflushed writes kept"
                .formatted(at, log.entries().size(), mood, kept, loose);
    }

    /** How many of the first entries a flush has made safe. */
    private int flushed(List<WriteLog.Entry> done) {
        int heard = mood == Mood.FLUSHES_IGNORED ? (int) (done.size() * (1 - IGNORED_SHARE)) : done.size();
        int flushed = 0;
        for (int i = 0; i < heard; i++) {
            if (done.get(i).isFlush()) {
                flushed = done.get(i).isWrite() ? i : i + 1; // a write with a flush flushes what came before it
            }
        }
        return flushed;
    }

    private long survivors(WriteLog.Entry entry, Random luck) {
        return switch (mood) {
            case ALL_LOST, FLUSHES_IGNORED -> 0;
            case ALL_KEPT -> entry.sectors();
            case ANY_LOST -> luck.nextBoolean() ? entry.sectors() : 0;
            case ANY_LOST_OR_TORN -> luck.nextLong(entry.sectors() + 1);
        };
    }

    private static void write(FileChannel file, ByteBuffer from, long position) throws IOException {
        while (from.hasRemaining()) {
            position += file.write(from, position);
        }
    }
}
