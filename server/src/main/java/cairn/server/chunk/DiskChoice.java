package cairn.server.chunk;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Chooses the disk for a new replica (docs/decisions/0006): the one with most room when all that was begun there lately has grown to
 * a whole chunk, so that an emptier disk is preferred and yet not given everything; of several directories on one file
 * system the one that holds least. Pure.
 */
final class DiskChoice {
    static final int NONE = -1;

    private DiskChoice() {}

    /**
     * A disk as it is at one moment.
     *
     * @param usableBytes of its file system
     * @param usedBytes by replicas
     * @param begun replicas begun lately
     */
    record Room(String fileSystem, boolean fails, long usableBytes, long usedBytes, double begun) {

        private double held(long chunkBytes) {
            return usedBytes + begun * chunkBytes;
        }
    }

    /** Which one; {@link #NONE} when all fail. */
    static int best(List<Room> disks, long chunkBytes) {
        NavigableMap<String, Double> begun = new TreeMap<>();
        disks.forEach(disk -> begun.merge(disk.fileSystem(), disk.begun(), Double::sum));
        int best = NONE;
        for (int i = 0; i < disks.size(); i++) {
            if (!disks.get(i).fails() && (best == NONE || isBetter(disks.get(i), disks.get(best), begun, chunkBytes))) {
                best = i;
            }
        }
        return best;
    }

    private static boolean isBetter(Room one, Room other, NavigableMap<String, Double> begun, long chunkBytes) {
        if (one.fileSystem().equals(other.fileSystem())) {
            return one.held(chunkBytes) < other.held(chunkBytes);
        }
        return roomIn(one, begun, chunkBytes) > roomIn(other, begun, chunkBytes);
    }

    /** One that can take nothing is behind all that can, however much was begun on those. */
    private static double roomIn(Room disk, NavigableMap<String, Double> begun, long chunkBytes) {
        double lately = begun.getOrDefault(disk.fileSystem(), 0.0);
        return disk.usableBytes() <= 0 ? Double.NEGATIVE_INFINITY : disk.usableBytes() - lately * chunkBytes;
    }
}
