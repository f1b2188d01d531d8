package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the master learns again after each start: who is there, who holds what, who leads. Nothing here is durable, and
 * nothing that must survive may be decided from here alone. Steps note in it what they were told; not thread-safe.
 */
final class ClusterView {

    /** A server that answered LEAD, or reported that it leads. */
    record Leader(ServerId server, ChunkVersion version, long sinceNanos) {}

    private final MasterImage image;
    private final MasterSettings settings;
    private final long startNanos;
    private final NavigableMap<ServerId, ServerState> servers = new TreeMap<>();

    /** Made when it is asked for, and again after a change. */
    private @Nullable List<ServerState> serverList;

    private final ChunkTable<Holders> replicas = new ChunkTable<>();
    private final NavigableMap<ChunkHandle, Leader> leaders = new TreeMap<>();
    private final NavigableMap<ChunkHandle, ChunkVersion> ledVersions = new TreeMap<>(); // of open chunks
    private final NavigableSet<ChunkHandle> neverLed = new TreeSet<>();
    private final Attention attention = new Attention();
    private final Gathering gathering;
    private final LateDrops lateDrops = new LateDrops();

    /** Registering anew, and known to have held what they have not shown yet. */
    private final NavigableMap<ServerId, ServerState> returning = new TreeMap<>();

    ClusterView(MasterImage image, MasterSettings settings, long startNanos) {
        this.image = image;
        this.settings = settings;
        this.startNanos = startNanos;
        this.gathering = new Gathering(image, settings, startNanos);
        image.servers().forEach(known -> servers.put(known.id(), new ServerState(known)));
    }

    /** What is durable. */
    MasterImage image() {
        return image;
    }

    long startNanos() {
        return startNanos;
    }

    Attention attention() {
        return attention;
    }

    /** Soon after a start of the master: servers are still showing what they hold, so nothing that seems lost is lost. */
    boolean isGathering(long nanos) {
        return !gathering.isOver(servers.values(), nanos);
    }

    /** For how long that may go on, if nothing more is shown. */
    long gatheringNanos(long nanos) {
        return gathering.leftNanos(nanos);
    }

    // ---- servers

    Collection<ServerState> servers() {
        return Collections.unmodifiableCollection(servers.values());
    }

    /** The same, by number. */
    List<ServerState> serverList() {
        if (serverList == null) {
            serverList = List.copyOf(servers.values());
        }
        return serverList;
    }

    @Nullable
    ServerState server(ServerId id) {
        return servers.get(id);
    }

    ServerState join(KnownServer known) {
        serverList = null;
        return servers.computeIfAbsent(known.id(), id -> new ServerState(known));
    }

    /** Registered, and heard of within {@code silence}. */
    private static boolean isHeard(@Nullable ServerState server, long nanos, long silence) {
        return server != null && server.registered && !server.gone && nanos - server.heardNanos <= silence;
    }

    /** May be chosen for something new. */
    boolean isUsable(ServerId id, long nanos) {
        return isHeard(servers.get(id), nanos, settings.silentAfter());
    }

    /** May be offered to readers. */
    boolean isLive(ServerId id, long nanos) {
        return isHeard(servers.get(id), nanos, settings.deadAfter());
    }

    boolean isLive(ServerState server, long nanos) {
        return isHeard(server, nanos, settings.deadAfter());
    }

    /** Its replicas are counted out: it has been away for so long that they are copied elsewhere. */
    boolean isWrittenOff(ServerId id, long nanos) {
        ServerState server = servers.get(id);
        if (server == null) {
            return true;
        }
        return nanos - (server.heard ? server.heardNanos : startNanos) > settings.repairAfter();
    }

    /** Soon after a start of the master: a server that it knows from before, and that will be back in a moment. */
    boolean isAwaited(ServerState server, long nanos) {
        return nanos - startNanos <= settings.registerGrace() && !server.registered && !server.gone;
    }

    /** It is here, and has not shown all that it holds yet. */
    boolean isRegistering(ServerState server, long nanos) {
        return server.heard
                && !server.registered
                && !server.gone
                && nanos - server.heardNanos <= settings.silentAfter();
    }

    /** It registers anew: until it has shown all it has, what it held before may be there still. */
    void beginsToShow(ServerState server, long nanos) {
        gathering.shown(nanos);
        if (server.registered || !server.heard || isWrittenOff(server.id, nanos)) {
            server.showingSinceNanos = nanos;
            server.unshown.clear();
        }
        List<ChunkHandle> held = server.replicas.list();
        loseAll(server);
        server.unshown.addAll(held);
        if (!server.unshown.isEmpty()) {
            returning.put(server.id, server);
        }
    }

    /** A page of what it holds has come. */
    void shows(ServerState server, boolean last, long nanos) {
        gathering.shown(nanos);
        if (last) {
            server.unshown.clear();
            returning.remove(server.id);
        }
    }

    Collection<ServerState> returning() {
        return Collections.unmodifiableCollection(returning.values());
    }

    /** It has been showing what it holds for longer than a server may that is to be waited for. */
    boolean isOverdue(ServerState server, long nanos) {
        return !server.registered && server.heard && nanos - server.showingSinceNanos > settings.repairAfter();
    }

    int usableCount(long nanos) {
        int count = 0;
        for (ServerState server : servers.values()) {
            count += isHeard(server, nanos, settings.silentAfter()) ? 1 : 0;
        }
        return count;
    }

    /** As an operator set it, or as it is built in. */
    long limit(CellLimit limit) {
        long set = image.limit(limit);
        return set == MasterImage.AS_BUILT_IN ? settings.builtIn(limit) : set;
    }

    /** Servers are evened out when they differ by more than this share of what they can hold. */
    double unevenMax() {
        long set = image.limit(CellLimit.UNEVEN_PERCENT);
        double share = set == MasterImage.AS_BUILT_IN ? settings.unevenMax() : set / 100.0;
        return share >= 1 ? Double.MAX_VALUE : share;
    }

    /** It is drained: it serves what it has, is given nothing new, and what it has is to be elsewhere. */
    boolean isLeaving(ServerId id) {
        KnownServer known = image.server(id);
        return known != null && known.draining();
    }

    /** It is gone for good: nothing that it held is known any more, and nobody waits for it. */
    void dismiss(ServerState server) {
        loseAll(server);
        returning.remove(server.id);
        servers.remove(server.id);
        serverList = null;
    }

    /** Came back at its address with an empty disk, and thereby as another server: nobody need look for it. */
    boolean isReplaced(ServerState server, long nanos) {
        return !isLive(server, nanos)
                && servers().stream()
                        .anyMatch(other -> other.id.compareTo(server.id) > 0
                                && other.address.equals(server.address)
                                && isLive(other, nanos));
    }

    /** -1: not since this master started. */
    long heardMillisAgo(ServerState server, long nanos) {
        return server.heard ? (nanos - server.heardNanos) / 1_000_000 : -1;
    }

    String stateOf(ServerState server, long nanos) {
        if (server.gone || !server.heard || nanos - server.heardNanos > settings.deadAfter()) {
            return "dead";
        }
        return nanos - server.heardNanos > settings.silentAfter() || !server.registered ? "silent" : "live";
    }

    /** A connection was refused: its process is dead, so it serves nobody, and nobody need wait for that. */
    void markGone(ServerId id, Turn.Draft turn) {
        ServerState server = servers.get(id);
        if (server != null && !server.gone) {
            server.gone = true;
            server.session(0);
            turn.met(Probe.SERVER_GONE);
            turn.warn("chunkserver %s: nobody listens there, its process is dead", server);
        }
    }

    /** It could not take part in something: for a while it is given nothing that others would have to pause for. */
    void troubled(ServerId id, long nanos) {
        ServerState server = servers.get(id);
        if (server != null) {
            server.trouble++;
            server.unsteadySinceNanos = nanos;
        }
    }

    /** Has been here for a while; the more trouble there was with it lately, the longer that must be. */
    boolean isSteady(ServerState server, long nanos) {
        int doublings = (int) Math.min(server.trouble, settings.steadyDoublingsMax());
        return server.registered
                && !isSilent(server)
                && nanos - server.unsteadySinceNanos >= settings.steadyAfter() << doublings;
    }

    /** Whether its process registered before {@code nanos}, and had no trouble since. */
    boolean isSameSince(ServerId id, long nanos) {
        ServerState server = servers.get(id);
        return server != null && server.registered && server.unsteadySinceNanos - nanos <= 0;
    }

    /** It did not answer an order. Alive, it may be; but whoever needs an answer soon does not ask it. */
    void markSilent(ServerId id, long nanos) {
        ServerState server = servers.get(id);
        if (server != null) {
            server.silentNanos = nanos;
        }
    }

    /** An order to it failed. */
    void noteFailure(ServerId id, MasterInput.Failure failure, Turn.Draft turn) {
        if (failure.processDead()) {
            markGone(id, turn);
        } else if (failure.code() == ErrorCode.UNREACHABLE) {
            markSilent(id, turn.nanos());
        }
    }

    /** It is not heard any more before it has registered again, so that its serving term ends. */
    void takeBack(ServerState server, Turn.Draft turn) {
        turn.met(Probe.SESSION_TAKEN_BACK);
        server.session(0);
        server.registered = false;
        server.showingSinceNanos = turn.nanos();
    }

    /** Whether it failed to answer an order, and was not heard of since. */
    static boolean isSilent(ServerState server) {
        return server.silentNanos != Long.MIN_VALUE && (!server.heard || server.silentNanos - server.heardNanos > 0);
    }

    /** Until when this server may serve what it held: 0 when it certainly serves nothing. */
    long mayServeUntil(ServerId id) {
        ServerState server = servers.get(id);
        if (server == null || server.gone) {
            return Long.MIN_VALUE;
        }
        return (server.heard ? server.heardNanos : startNanos) + settings.servingBound();
    }

    // ---- replicas

    Holders replicasOf(ChunkHandle chunk) {
        Holders found = replicas.get(chunk);
        return found == null ? Holders.NOBODY : found;
    }

    @Nullable
    ReplicaReport replica(ChunkHandle chunk, ServerId server) {
        return replicasOf(chunk).get(server);
    }

    /** Notes a report. One with an older fence than is known was sent before something that has happened since. */
    void note(ServerState server, ReplicaReport report) {
        ChunkHandle chunk = new ChunkHandle(report.getHandle());
        Holders holders = replicasOf(chunk);
        ReplicaReport known = holders.get(server.id);
        if (known != null && (known.getFence() > report.getFence() || known.equals(report))) {
            return;
        }
        if (holders.isEmpty()) {
            holders = new Holders();
            replicas.put(chunk, holders);
        }
        hold(server, holders, report);
        server.replicas.add(chunk);
        server.missed.remove(chunk);
        server.unshown.remove(chunk);
        attention.look(chunk);
    }

    /** In place of what was known of the same replica. */
    private static void hold(ServerState server, Holders holders, ReplicaReport report) {
        ReplicaReport known = holders.get(server.id);
        holders.put(server.id, report);
        server.replicaBytes += report.getLength() - (known == null ? 0 : known.getLength());
    }

    /** It has no replica of the chunk any more, so it does not lead it either. */
    void lose(ServerState server, ChunkHandle chunk) {
        remove(server, chunk);
        if (ledBy(chunk, server)) {
            unlead(chunk);
        }
    }

    boolean ledBy(ChunkHandle chunk, ServerState server) {
        Leader leader = leaders.get(chunk);
        return leader != null && leader.server().equals(server.id);
    }

    private void remove(ServerState server, ChunkHandle chunk) {
        removeHolder(server, chunk);
        server.replicas.remove(chunk);
    }

    private void removeHolder(ServerState server, ChunkHandle chunk) {
        Holders holders = replicas.get(chunk);
        if (holders != null) {
            ReplicaReport gone = holders.remove(server.id);
            server.replicaBytes -= gone == null ? 0 : gone.getLength();
            if (holders.isEmpty()) {
                replicas.remove(chunk);
            }
        }
        server.missed.remove(chunk);
        server.unshown.remove(chunk);
        attention.look(chunk);
    }

    private void loseAll(ServerState server) {
        server.replicas.forEach(chunk -> removeHolder(server, chunk));
        server.replicas.clear();
    }

    /** The chunks have left the cell: holders are told to drop them, late, and nothing of them is remembered. */
    void forget(List<ChunkHandle> chunks, Turn.Draft turn) {
        forget(chunks, Effect.Drop.NOBODY_WAITS, turn);
    }

    /** The same for a veil that waits for it. Whom it waits for: all that may have a replica, the members of open chunks too. */
    NavigableSet<ServerId> forgetFor(long veil, List<ChunkHandle> chunks, Turn.Draft turn) {
        return forget(chunks, veil, turn);
    }

    private NavigableSet<ServerId> forget(List<ChunkHandle> chunks, long veil, Turn.Draft turn) {
        NavigableMap<ServerId, List<ChunkHandle>> drops = new TreeMap<>();
        for (ChunkHandle chunk : chunks) {
            for (ServerId holder :
                    veil == Effect.Drop.NOBODY_WAITS ? replicasOf(chunk).servers() : mayHold(chunk)) {
                drops.computeIfAbsent(holder, id -> new ArrayList<>()).add(chunk);
            }
            leaders.remove(chunk);
            ledVersions.remove(chunk);
            neverLed.remove(chunk);
        }
        drops.forEach((id, handles) -> {
            ServerState server = servers.get(id);
            if (server != null) {
                if (veil == Effect.Drop.NOBODY_WAITS) {
                    lateDrops.add(id, handles, turn.nanos());
                } else {
                    turn.perform(new Effect.Drop(server.target(), handles, veil));
                }
                handles.forEach(chunk -> lose(server, chunk));
            }
        });
        return drops.navigableKeySet();
    }

    /** Tells holders of deleted chunks whose time has come. */
    void tick(Turn.Draft turn) {
        lateDrops.tick(turn.nanos(), (id, handles) -> {
            ServerState server = servers.get(id);
            if (server != null) {
                turn.perform(new Effect.Drop(server.target(), handles));
            }
        });
    }

    private NavigableSet<ServerId> mayHold(ChunkHandle handle) {
        NavigableSet<ServerId> holders = new TreeSet<>(replicasOf(handle).servers());
        Chunk chunk = image.chunk(handle);
        if (chunk != null) {
            chunk.members().forEach(member -> holders.add(member.server()));
            holders.addAll(chunk.complete());
        }
        for (ServerState server : servers.values()) {
            if (server.isDropping(handle)) {
                holders.add(server.id);
            }
        }
        return holders;
    }

    /**
     * Whether the server was forgotten, or is here and has no replica of the chunk, not even a bad one: people may still want
     * what is left of that.
     */
    boolean lacks(ChunkHandle chunk, ServerId id, long nanos) {
        ServerState server = servers.get(id);
        return server == null
                || (isUsable(id, nanos)
                        && server.unsoundKnown
                        && replica(chunk, id) == null
                        && !server.unsound.contains(chunk));
    }

    /** Whether a member may have lost some or all of what it had, as it says itself. */
    boolean isDoubtful(ChunkHandle chunk, ServerId member, long nanos) {
        ReplicaReport replica = replica(chunk, member);
        return replica == null ? lacks(chunk, member, nanos) : replica.getSuspect();
    }

    // ---- leaders

    /** Who leads the chunk's present version and is alive, as far as is known. */
    @Nullable
    Leader leader(Chunk chunk, long nanos) {
        Leader leader = leaders.get(chunk.handle());
        boolean leads = leader != null
                && !chunk.sealed()
                && leader.version().equals(chunk.version())
                && isUsable(leader.server(), nanos);
        return leads ? leader : null;
    }

    void lead(ChunkHandle chunk, Leader leader) {
        leaders.put(chunk, leader);
        ledVersions.put(chunk, leader.version());
        neverLed.remove(chunk);
    }

    /** The chunk has just been made, or its servers have proved that no version of it was led. */
    void beginsUnled(ChunkHandle chunk) {
        neverLed.add(chunk);
    }

    /** A replica holds something: a version was led after all. */
    void mayHaveBeenLed(ChunkHandle chunk) {
        neverLed.remove(chunk);
    }

    /**
     * Whether the master knows of no version that was led, from the chunk's beginning on. One that it ordered may be led all the
     * same; but clients hear of leaders from this master alone, so nobody has mutated the chunk.
     */
    boolean isNeverLed(ChunkHandle chunk) {
        return neverLed.contains(chunk);
    }

    /**
     * Whether the present version was led at some time in this life of the master, so that it may have acknowledged something,
     * whatever older reports of its members still say.
     */
    boolean wasLed(Chunk chunk) {
        return chunk.version().equals(ledVersions.get(chunk.handle()));
    }

    /**
     * The chunk is sealed: who led it matters no more. All members have what it was sealed with, whatever they reported before
     * they had it.
     */
    void settle(Chunk chunk, long length) {
        unlead(chunk.handle());
        ledVersions.remove(chunk.handle());
        neverLed.remove(chunk.handle());
        Holders holders = replicas.get(chunk.handle());
        if (holders == null) {
            return;
        }
        for (ChunkMember member : chunk.members()) {
            ServerState server = servers.get(member.server());
            ReplicaReport replica = holders.get(member.server());
            if (server != null
                    && replica != null
                    && replica.getEstablished() == chunk.version().value()
                    && replica.getLength() < length) {
                hold(server, holders, replica.toBuilder().setLength(length).build());
            }
        }
    }

    void unlead(ChunkHandle chunk) {
        leaders.remove(chunk);
        attention.look(chunk);
    }

    @Nullable
    Leader lastLeader(ChunkHandle chunk) {
        return leaders.get(chunk);
    }

    // ---- judging replicas of sealed chunks

    /** Proven: the present version, sealed, the right length, nothing lost in a crash. */
    static boolean isGood(Chunk chunk, ReplicaReport replica) {
        return chunk.sealed()
                && replica.getEstablished() == chunk.version().value()
                && replica.getSealed()
                && replica.getLength() == chunk.length()
                && !replica.getSuspect();
    }

    /** Holds the present version; what is missing is the proof, or the word that it is sealed. */
    static boolean isUnproven(Chunk chunk, ReplicaReport replica) {
        return replica.getEstablished() == chunk.version().value() && !isGood(chunk, replica);
    }

    /** Live servers with a good replica, by id. */
    List<ServerState> goodHolders(Chunk chunk, long nanos) {
        List<ServerState> holders = new ArrayList<>();
        replicasOf(chunk.handle()).forEach((id, replica) -> {
            ServerState server = servers.get(id);
            if (server != null && isGood(chunk, replica) && isLive(server, nanos)) {
                holders.add(server);
            }
        });
        return holders;
    }

    /** Those of them that count towards the goal. */
    List<ServerState> stayingHolders(Chunk chunk, long nanos) {
        List<ServerState> holders = goodHolders(chunk, nanos);
        holders.removeIf(server -> isLeaving(server.id));
        return holders;
    }

    /** Members of an open chunk's version that count towards the goal. */
    int stayingMembers(Chunk chunk) {
        int staying = 0;
        for (ChunkMember member : chunk.members()) {
            staying += isLeaving(member.server()) ? 0 : 1;
        }
        return staying;
    }

    /** Whether all members of an open chunk's version are here now. */
    boolean areAllHere(Chunk chunk, long nanos) {
        return chunk.members().stream().allMatch(member -> isUsable(member.server(), nanos));
    }

    /** Whether a member of an open chunk's version is counted out: it has been away for so long, or was forgotten. */
    boolean hasWrittenOffMember(Chunk chunk, long nanos) {
        return chunk.members().stream().anyMatch(member -> isWrittenOff(member.server(), nanos));
    }

    /** Whether somebody live holds the present version, proven or not. */
    boolean hasLiveHolder(Chunk chunk, long nanos) {
        return replicasOf(chunk.handle())
                .any((id, replica) ->
                        replica.getEstablished() == chunk.version().value() && isLive(id, nanos));
    }

    /** Of a chunk that several files hold, the highest goal counts. */
    int goalOf(Chunk chunk) {
        int goal = 1;
        for (FileId file : image.filesOf(chunk)) {
            goal = Math.max(goal, goalOf(file));
        }
        return goal;
    }

    int goalOf(FileId file) {
        Inode inode = image.names().find(file);
        return inode == null ? 1 : Math.max(1, inode.attributes().goal());
    }
}
