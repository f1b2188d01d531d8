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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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

    /** What is known of addresses. */
    private final Map<String, Boolean> here = new ConcurrentHashMap<>();

    private static final int HERE_MAX = 4096;

    private static final Comparator<Seat> BEST_FIRST = Comparator.comparingInt(Seat::avoided)
            .thenComparingInt(Seat::distance)
            .thenComparingLong(Seat::taste);

    private record Seat(Member member, int avoided, int distance, long taste) {}

    private record Avoided(long untilNanos, long lengthNanos) {}

    ReplicaOrder(World world, ClientOptions options) {
        this.world = world;
        this.options = options;
        this.salt = world.entropy().nextLong();
    }

    /** The members, best first. {@code taste} keeps one reader with one replica, and readers apart. */
    List<Member> order(List<Member> members, long taste) {
        List<Seat> seats = new ArrayList<>(members.size());
        long now = world.time().nanos();
        for (Member member : members) {
            seats.add(new Seat(
                    member,
                    isAvoided(member.getServerId(), now) ? 1 : 0,
                    distance(member),
                    mix(member.getServerId() ^ salt ^ taste)));
        }
        seats.sort(BEST_FIRST);
        List<Member> ordered = new ArrayList<>(seats.size());
        seats.forEach(seat -> ordered.add(seat.member()));
        return ordered;
    }

    /** One on this host that has not failed a moment ago; null when there is none. */
    @Nullable
    Member here(List<Member> members) {
        for (Member member : members) {
            if (isHere(member.getAddress())
                    && !isAvoided(member.getServerId(), world.time().nanos())) {
                return member;
            }
        }
        return null;
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

    private boolean isAvoided(long serverId, long now) {
        lock.lock();
        try {
            Avoided found = avoided.isEmpty() ? null : avoided.get(serverId);
            return found != null && found.untilNanos() - now > 0;
        } finally {
            lock.unlock();
        }
    }

    private int distance(Member member) {
        if (isHere(member.getAddress())) {
            return 0;
        }
        return !options.rack().isEmpty() && options.rack().equals(member.getRack()) ? 1 : 2;
    }

    /** Asks the system once for each address: names may have to be looked up. */
    private boolean isHere(String address) {
        Boolean known = here.get(address);
        if (known != null) {
            return known;
        }
        if (here.size() >= HERE_MAX) {
            here.clear();
        }
        String host = hostOf(address);
        boolean found = host.equals(options.host()) || world.network().isHere(host);
        here.put(address, found);
        return found;
    }

    private static String hostOf(String address) {
        try {
            return ServerAddress.parse(address).host();
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
