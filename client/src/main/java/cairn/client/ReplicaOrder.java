package cairn.client;

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

    /** Long enough to get through a restart of a chunkserver without running into it with every read. */
    private static final long AVOID_NANOS = 2_000_000_000L;

    private static final int AVOIDED_MAX = 1024;

    private final World world;
    private final ClientOptions options;
    private final long salt;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Long> avoidUntil = new LinkedHashMap<>();

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
            if (avoidUntil.size() >= AVOIDED_MAX) {
                avoidUntil.clear();
            }
            avoidUntil.put(serverId, world.time().nanos() + AVOID_NANOS);
        } finally {
            lock.unlock();
        }
    }

    private boolean avoided(long serverId, long now) {
        Long until = avoidUntil.get(serverId);
        return until != null && until - now > 0;
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
