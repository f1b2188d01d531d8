package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.model.ServerId;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One chunk on its way to a led version: what is being tried, and who waits for it. Volatile and mutable; owned by {@link
 * VersionDesk}. May go through several versions until one is led.
 */
final class Establishment {

    enum Phase {
        /** Nothing can be tried before {@link #retryAtNanos}. */
        WAITING,
        /** The leader is asked whether it is alive. */
        PROBING,
        /** The version is logged; members and left-behind holders are being told. */
        PREPARING,
        /** Every member has the fence; the first was told to lead. */
        LEADING
    }

    /**
     * A request that is answered when the chunk is led, or refused at its deadline.
     *
     * @param made the file that it has made with this chunk: it is told of that, led or not; null if it is about the chunk alone
     */
    record Waiter(long ticket, long deadlineNanos, @Nullable FileId made) {}

    final ChunkHandle chunk;
    final long startedNanos;
    final long seed;
    final List<Waiter> waiters = new ArrayList<>();
    Phase phase = Phase.WAITING;
    ChunkVersion version;
    List<ChunkMember> members = List.of();

    /** Whom the probe asks. */
    @Nullable
    ServerId probed;

    /** When the version was logged. */
    long begunNanos;

    /** Servers that were told of the version, and those of them whose answer is still to come. */
    final NavigableSet<ServerId> told = new TreeSet<>();

    final NavigableSet<ServerId> awaited = new TreeSet<>();
    final NavigableMap<ServerId, ReplicaReport> prepared = new TreeMap<>();
    final NavigableSet<ServerId> confirmed = new TreeSet<>();
    final NavigableSet<ServerId> failed = new TreeSet<>();

    /** Members that failed in an attempt of this establishment, or were reported as failing: not asked again. */
    final NavigableSet<ServerId> excluded = new TreeSet<>();

    /**
     * Who was complete when this establishment began, while no version since was led: what is logged later with fewer
     * members has acknowledged nothing, so these are complete still. Null: go by the log.
     */
    @Nullable
    NavigableSet<ServerId> complete;

    /** Has a copy of the chunk that is nearly complete, and shall take part from now on; null for nobody. */
    @Nullable
    ServerId newcomer;

    /** Have the chunk and shall not take part any more, because enough others do; if one of those fails, they are taken back. */
    final NavigableSet<ServerId> dismissed = new TreeSet<>();

    /** The chunk was made by this establishment, and nobody was told to lead it yet: every replica is empty. */
    boolean fresh;

    /** The first version is being prepared: every member takes its part with that, and nobody has to be told to lead. */
    boolean atOnce;

    /** The sealed chunk as it was, while no version since was led: members that are still exactly so may resume. */
    @Nullable
    Chunk sealedBase;

    /** A replica that may have lost bytes is the best there is, and was chosen knowingly. */
    boolean suspectSource;

    /** Why there is no candidate now, for the answer to those who wait. */
    String obstacle = "";

    /** Seal the chunk as soon as it is led: nobody asked for it but the master. */
    boolean sealAfter;

    int attempts;
    long retryAtNanos;

    Establishment(ChunkHandle chunk, ChunkVersion version, long startedNanos, long seed) {
        this.chunk = chunk;
        this.version = version;
        this.startedNanos = startedNanos;
        this.seed = seed;
    }

    boolean isMember(ServerId server) {
        return members.stream().anyMatch(member -> member.server().equals(server));
    }

    /** A new version is to be tried: nothing that was told before counts. */
    void begin(ChunkVersion next, List<ChunkMember> nextMembers, long nanos) {
        version = next;
        begunNanos = nanos;
        members = nextMembers;
        phase = Phase.PREPARING;
        attempts++;
        told.clear();
        awaited.clear();
        prepared.clear();
        confirmed.clear();
        failed.clear();
    }

    /** Whether every member has answered, or failed to. */
    boolean heardMembers() {
        return members.stream().noneMatch(member -> awaited.contains(member.server()));
    }

    ServerId head() {
        return members.getFirst().server();
    }
}
