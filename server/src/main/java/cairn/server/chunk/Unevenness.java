package cairn.server.chunk;

import cairn.server.chunk.DiskChoice.Room;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * That one disk of a server is much fuller than another.
 *
 * @param from a directory on the fullest file system, the one that holds most
 * @param to one on the emptiest, that holds least
 * @param bytesMax a move of so many bytes leaves the fuller one not emptier than the other
 */
record Unevenness(int from, int to, long bytesMax) {

    /** What one file system holds of chunks, and could hold. */
    private static final class Load {
        int most;
        int least;
        long used;
        long usable;

        Load(int directory, Room room) {
            this.most = directory;
            this.least = directory;
            this.usable = room.usableBytes();
        }

        double share() {
            return (double) used / capacity();
        }

        double capacity() {
            return Math.max(1.0, (double) used + usable);
        }
    }

    /** Null when none differs from another by more than {@code limit}, as a share of what each can hold. */
    static @Nullable Unevenness of(List<Room> disks, long chunkBytes, double limit) {
        NavigableMap<String, Load> loads = loads(disks);
        Load full = null;
        Load empty = null;
        for (Load load : loads.values()) {
            full = full == null || load.share() > full.share() ? load : full;
            boolean takes = load.usable >= chunkBytes;
            empty = takes && (empty == null || load.share() < empty.share()) ? load : empty;
        }
        if (full == null || empty == null || full.share() - empty.share() <= limit) {
            return null;
        }
        double difference = full.share() - empty.share();
        long bytesMax = (long) (difference / (1 / full.capacity() + 1 / empty.capacity()));
        return new Unevenness(full.most, empty.least, bytesMax);
    }

    private static NavigableMap<String, Load> loads(List<Room> disks) {
        NavigableMap<String, Load> loads = new TreeMap<>();
        for (int i = 0; i < disks.size(); i++) {
            Room room = disks.get(i);
            if (!room.fails()) {
                int directory = i;
                Load load = loads.computeIfAbsent(room.fileSystem(), name -> new Load(directory, room));
                load.used += room.usedBytes();
                load.most = room.usedBytes() > disks.get(load.most).usedBytes() ? i : load.most;
                load.least = room.usedBytes() < disks.get(load.least).usedBytes() ? i : load.least;
            }
        }
        return loads;
    }
}
