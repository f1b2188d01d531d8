package cairn.client;

import cairn.model.Patience;
import cairn.model.ServerAddress;
import cairn.wire.proto.Member;
import cairn.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which replica to read first: one on this host, then one in this rack, then by a preference drawn once for each client,
 * so that many clients spread and one client stays; servers that failed a moment ago come last. Thread-safe.
 */
final class ReplicaOrder {

    /**
     * Long enough to get through a restart of a chunkserver without running into it with every read; and when it hangs, until
     * its chunks have versions without it.
     */
    private static final long AVOID_NANOS = Patience.PAUSE_MAX_NANOS;

    /** One that fails again when its time is over is avoided twice as long: each try at a hung server costs a second. */
    private static final long AVOID_NANOS_MAX = 32_000_000_000L;

    private static final int AVOIDED_MAX = 1024;

    private final World world;
    private final ClientOptions options;
    private final long salt;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Avoided> avoided = new LinkedHashMap<>();

    private record Avoided(long untilNanos, long lengthNanos) {}

    ReplicaOrder(World world, ClientOptions options) {
        this.world = world;
        this.options = options;
        this.salt = world.entropy().nextLong();
    }

    /** The members, best first. {@code taste} keeps one reader with one replica, and readers apart. */
    List<Member> order(List<Member> members, long taste) {
        List<Member> ordered = new ArrayList<>(members);
        long now = world.time().nanos();
        lock.lock();
        try {
            ordered.sort(Comparator.<Member>comparingInt(member -> avoided(member.getServerId(), now) ? 1 : 0)
                    .thenComparingInt(this::distance)
                    .thenComparingLong(member -> mix(member.getServerId() ^ salt ^ taste)));
        } finally {
            lock.unlock();
        }
        return ordered;
    }

    /** The server did not answer, or answered wrongly: others go first for a moment. */
    void failed(long serverId) {
        lock.lock();
        try {
            if (avoided.size() >= AVOIDED_MAX) {
                avoided.clear();
            }
            long now = world.time().nanos();
            Avoided before = avoided.get(serverId);
            if (before != null && before.untilNanos() - now > 0) {
                return; // what had been sent to it before fails as well
            }
            long length = before == null ? AVOID_NANOS : Math.min(AVOID_NANOS_MAX, 2 * before.lengthNanos());
            avoided.put(serverId, new Avoided(now + length, length));
        } finally {
            lock.unlock();
        }
    }

    /** The server answered well. */
    void worked(long serverId) {
        lock.lock();
        try {
            if (!avoided.isEmpty()) {
                avoided.remove(serverId);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean avoided(long serverId, long now) {
        Avoided found = avoided.get(serverId);
        return found != null && found.untilNanos() - now > 0;
    }

    private int distance(Member member) {
        if (hostOf(member).equals(options.host())) {
            return 0;
        }
        return !options.rack().isEmpty() && options.rack().equals(member.getRack()) ? 1 : 2;
    }

    private static String hostOf(Member member) {
        try {
            return ServerAddress.parse(member.getAddress()).host();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Spreads neighbouring ids (the finalizer of SplitMix64). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
