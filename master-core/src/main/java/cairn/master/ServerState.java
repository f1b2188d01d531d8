package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is known of a chunkserver in this life of the master. Mutable; owned by {@link ClusterView}. */
final class ServerState {
    /** More orphans than that are a copied log or a mixed-up disk: one finding, however many. */
    static final int ORPHANS_MAX = 10_000;

    /** A heartbeat that came slower than the quickest counts by this part: clocks drift, networks differ. */
    private static final int CLOCK_SHARE = 16;

    final ServerId id;
    String address;
    String rack;
    String software = "";

    private static final int FORMER_SESSIONS_MAX = 64;

    /** 0: none, or refused from now on: it must register again before it is heard. */
    private long session;

    /** Given up by their server, or taken back from it: what still arrives of them comes from the past. */
    private final SequencedSet<Long> former = new LinkedHashSet<>();

    /** Of the newest heartbeat of this session. */
    long heartbeatNumber;

    /** All pages of its replicas have come in this session. */
    boolean registered;

    /** Replicas that it has and cannot vouch for, damaged or unreadable, as its newest heartbeat says. */
    final SortedSet<ChunkHandle> unsound = new TreeSet<>();

    /** Whether {@link #unsound} is all of them: what this server neither shows nor counts among them, it does not have. */
    boolean unsoundKnown;

    /** What it led when it registered; until it has shown whether it still can. */
    List<ChunkHandle> ledBefore = List.of();

    /** Was heard of in this life of the master. */
    boolean heard;

    long heardNanos;

    /** When it last did not answer an order. */
    long silentNanos = Long.MIN_VALUE;

    /** Its process refused a connection since it was heard last. */
    boolean gone;

    private List<DiskReport> disks = List.of();

    /** Of {@link #disks}; asked for at each choice of a server, and told once in each heartbeat. */
    private long usableBytes;

    private long totalBytes;
    private long roomBytes;
    final HandleSet replicas = new HandleSet();

    /** Of {@link #replicas}, those that were missing when it last told all that it has of a range. */
    final Set<ChunkHandle> missed = new LinkedHashSet<>();

    /** What it held before it registered anew, and has not shown since. */
    final NavigableSet<ChunkHandle> unshown = new TreeSet<>();

    /** When it began to register, however often it tried since. */
    long showingSinceNanos;

    /** The sum of their lengths. */
    long replicaBytes;

    /**
     * Replicas that it has beyond the goal, counted out. It is told so in the answer to its next heartbeat, and carries that out
     * before it makes another: an order by itself could be overtaken by a heartbeat that still shows the replica, which would
     * then be counted for ever, and others dropped for it.
     */
    final SortedSet<ChunkHandle> surplus = new TreeSet<>();

    /**
     * What it was told to drop, and the heartbeat that was answered so. Until it has said that it obeyed, or has shown the replica again,
     * it may hold it and serve it, and it may drop it at any time.
     */
    private final SequencedMap<ChunkHandle, Long> toldToDrop = new LinkedHashMap<>();

    private static final int TOLD_TO_DROP_MAX = 10_000;

    /** Replicas that it said are damaged in its newest heartbeat and that it still keeps: nobody has a better one yet. */
    final SortedSet<ChunkHandle> damaged = new TreeSet<>();

    /** Replicas of chunks that this cell never made; at most {@link #ORPHANS_MAX} are remembered. */
    final SortedSet<ChunkHandle> orphans = new TreeSet<>();

    /** How far its clock is ahead of the master's, as far as its heartbeats show: they take some time. */
    long clockAheadMillis;

    boolean clockKnown;

    /** Replicas given to it lately; fades with time. */
    double recentCreations;

    /** When it registered last, or could not take part in something; {@link #trouble} counts how often, and fades. */
    long unsteadySinceNanos;

    double trouble;

    /** Copies it makes or takes now. */
    int clones;

    /** For the log lines: what was said of it last. */
    String saidState = "";

    ServerState(KnownServer known) {
        this.id = known.id();
        this.address = known.address();
        this.rack = known.rack();
    }

    long session() {
        return session;
    }

    boolean had(long some) {
        return former.contains(some);
    }

    /** Begins a session; 0 ends the present one. */
    void session(long next) {
        if (session != 0) {
            former.add(session);
        }
        if (former.size() > FORMER_SESSIONS_MAX) {
            former.removeFirst();
        }
        if (next != 0) {
            toldToDrop.clear();
        }
        session = next;
    }

    void toldToDrop(ChunkHandle chunk) {
        toldToDrop.put(chunk, heartbeatNumber);
    }

    /** So much that nothing more should be asked of it: it does not obey. */
    boolean hasMuchToDrop() {
        return toldToDrop.size() >= TOLD_TO_DROP_MAX;
    }

    void obeyed(long number) {
        toldToDrop.values().removeIf(told -> told <= number);
    }

    /** It shows the replica: the order to drop it, if there was one, got lost. */
    void showsStill(ChunkHandle chunk) {
        toldToDrop.remove(chunk);
    }

    /** It does not count as a holder any more, and nobody knows yet that it is none. */
    boolean isDropping(ChunkHandle chunk) {
        return surplus.contains(chunk) || toldToDrop.containsKey(chunk);
    }

    /** A heartbeat was sent at {@code sentMillis} by its own clock, and has come now; the quickest way shows the clock best. */
    void noteClock(long sentMillis, long nowMillis) {
        long ahead = sentMillis - nowMillis;
        clockAheadMillis = !clockKnown || ahead > clockAheadMillis
                ? ahead
                : clockAheadMillis + (ahead - clockAheadMillis) / CLOCK_SHARE;
        clockKnown = true;
    }

    Effect.Target target() {
        return new Effect.Target(id, address);
    }

    Member member() {
        return Member.newBuilder()
                .setServerId(id.value())
                .setAddress(address)
                .setRack(rack)
                .build();
    }

    List<DiskReport> disks() {
        return disks;
    }

    /** As it says. */
    void disks(List<DiskReport> told) {
        disks = told;
        usableBytes = 0;
        totalBytes = 0;
        for (DiskReport disk : fileSystems()) {
            usableBytes += isOk(disk) ? disk.getUsableBytes() : 0;
            totalBytes += disk.getTotalBytes();
        }
        roomBytes = 0;
        for (DiskReport disk : disks) {
            roomBytes = isOk(disk) ? Math.max(roomBytes, disk.getUsableBytes()) : roomBytes;
        }
    }

    private static boolean isOk(DiskReport disk) {
        return disk.getState().equals("ok");
    }

    /** Bytes that its good disks can still take. */
    long usableBytes() {
        return usableBytes;
    }

    /** One disk for each file system: what several directories of one share is there once. */
    private List<DiskReport> fileSystems() {
        NavigableMap<String, DiskReport> shared = new TreeMap<>();
        List<DiskReport> distinct = new ArrayList<>();
        for (DiskReport disk : disks) {
            if (disk.getFileSystem().isEmpty()) {
                distinct.add(disk);
            } else if (isOk(disk)) {
                shared.put(disk.getFileSystem(), disk);
            } else {
                shared.putIfAbsent(disk.getFileSystem(), disk);
            }
        }
        distinct.addAll(shared.values());
        return distinct;
    }

    /** Whether one of its good disks can take {@code bytes} more. */
    boolean hasRoomFor(long bytes) {
        return roomBytes >= bytes;
    }

    /** From 0 (empty) to 1 (full). */
    double fullness() {
        return totalBytes == 0 ? 1 : 1 - (double) usableBytes / totalBytes;
    }

    @Override
    public String toString() {
        return id + " (" + address + ")";
    }
}
