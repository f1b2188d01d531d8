package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.MemberFailedRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.SealChunkRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A master on the workbench and chunkservers that hold replicas of its chunks as real ones would: they obey, report, and can
 * be away. Each has one chunk file's worth of state and no bytes.
 */
final class Crew {
    final Bench master = new Bench();
    final NavigableSet<Long> away = new TreeSet<>();

    /** Clones ordered; they are carried out only while {@link #copies} is set. */
    final List<Effect.Clone> clones = new ArrayList<>();

    /** Servers that were told to look again at what they have put aside. */
    final List<Long> looks = new ArrayList<>();

    /** Servers that were told to check a replica. */
    final List<Long> scrubs = new ArrayList<>();

    boolean copies = true;

    /** Primaries seal when they are told to. */
    boolean seals;

    /** Servers can lead; otherwise whoever shall says that its disk fails. */
    boolean leaders = true;

    /** Servers that cannot copy within themselves. */
    final NavigableSet<Long> full = new TreeSet<>();

    /** Leads ordered. */
    final List<Effect.Lead> leads = new ArrayList<>();

    /** Forks ordered. */
    final List<Effect.Fork> forks = new ArrayList<>();

    private final Map<Long, Long> sessions = new TreeMap<>();

    /** Of the newest heartbeat of each, and of the newest whose answer it carried out. */
    private final Map<Long, Long> numbers = new TreeMap<>();

    private final Map<Long, Long> obeyed = new TreeMap<>();
    private final Map<Long, Map<Long, ReplicaReport>> held = new TreeMap<>();
    private final Map<Long, NavigableSet<Long>> bad = new TreeMap<>();
    private final Map<Long, String> racks = new TreeMap<>();
    private long nextSession = 100;

    Crew(int servers) {
        this(Collections.nCopies(servers, "r"));
    }

    /** One server on each of these racks, which may be named more than once. */
    Crew(List<String> on) {
        for (int i = 0; i < on.size(); i++) {
            racks.put(i + 1L, on.get(i));
            register(0);
        }
    }

    long register(long id) {
        long session = nextSession++;
        RegisterReply reply = Bench.reply(
                master.ask(new MasterInput.Register(
                        master.ticket(),
                        RegisterRequest.newBuilder()
                                .setServerId(id)
                                .setSession(session)
                                .setAddress("host:" + (id == 0 ? session : 1000 + id))
                                .setRack(racks.getOrDefault(id == 0 ? sessions.size() + 1L : id, "r"))
                                .addDisks(disk())
                                .build())),
                RegisterReply.class);
        long server = reply.getServerId();
        sessions.put(server, session);
        ReplicasReply told = Bench.reply(
                master.ask(new MasterInput.Replicas(
                        master.ticket(),
                        ReplicasRequest.newBuilder()
                                .setServerId(server)
                                .setSession(session)
                                .addAllReplicas(replicas(server).values())
                                .setLast(true)
                                .build())),
                ReplicasReply.class);
        told.getDropList().forEach(replicas(server)::remove);
        told.getFenceList().forEach(fence -> fence(server, fence.getHandle(), fence.getVersion()));
        return server;
    }

    private static DiskReport disk() {
        return DiskReport.newBuilder()
                .setState("ok")
                .setTotalBytes(1L << 40)
                .setUsableBytes(1L << 39)
                .build();
    }

    private Map<Long, ReplicaReport> replicas(long server) {
        return held.computeIfAbsent(server, id -> new TreeMap<>());
    }

    private void fence(long server, long handle, long version) {
        replicas(server)
                .computeIfPresent(
                        handle,
                        (h, replica) -> replica.toBuilder()
                                .setFence(Math.max(version, replica.getFence()))
                                .setLeading(false)
                                .build());
    }

    /** Its checksums fail from now on, and its server says so. */
    void spoil(long server, long handle) {
        bad.computeIfAbsent(server, id -> new TreeSet<>()).add(handle);
    }

    void heal(long server, long handle) {
        bad.getOrDefault(server, new TreeSet<>()).remove(handle);
    }

    /** One server loses power, and what it has of the chunk may not be all that it had. */
    void doubt(long server, long handle) {
        replicas(server)
                .computeIfPresent(
                        handle,
                        (h, replica) -> replica.toBuilder()
                                .setLeading(false)
                                .setSuspect(true)
                                .build());
    }

    boolean holdsAnything(long server) {
        return !replicas(server).isEmpty();
    }

    /** Every server has lost, with its power, that the chunk is sealed. */
    void forgetSeal(long handle) {
        restartAll(handle, false);
    }

    /** All servers lose power, and what each has of the chunk may not be all that it had. */
    void doubt(long handle) {
        restartAll(handle, true);
    }

    private void restartAll(long handle, boolean suspect) {
        held.values()
                .forEach(replicas -> replicas.computeIfPresent(
                        handle,
                        (h, replica) -> replica.toBuilder()
                                .setSealed(false)
                                .setLeading(false)
                                .setSuspect(suspect)
                                .build()));
        List.copyOf(sessions.keySet()).forEach(this::register);
    }

    /** What was ordered before the master stopped is done when it is up again. */
    void obeyAfterRestart(List<Effect.Fork> ordered) {
        master.effects.clear();
        master.restart();
        ordered.forEach(order -> fork(order, false));
    }

    /** A replica is gone, and nobody is told. */
    void vanish(long server, long handle) {
        replicas(server).remove(handle);
    }

    /** The server has a good replica of each of these, all sealed, empty and of version 1, and shows them. */
    void hold(long server, long first, int count) {
        for (long handle = first; handle < first + count; handle++) {
            replicas(server)
                    .put(
                            handle,
                            ReplicaReport.newBuilder()
                                    .setHandle(handle)
                                    .setFence(1)
                                    .setEstablished(1)
                                    .setSealed(true)
                                    .build());
        }
    }

    /** Its open replica has a mutation, of a version 1 that somebody led. */
    void mutate(long server, long handle, long length) {
        replicas(server)
                .put(
                        handle,
                        ReplicaReport.newBuilder()
                                .setHandle(handle)
                                .setFence(1)
                                .setEstablished(1)
                                .setSerial(1)
                                .setLength(length)
                                .build());
    }

    boolean holds(long server, long handle) {
        return replicas(server).containsKey(handle);
    }

    /** Time goes by in ticks; who is not away reports once a second and obeys. */
    void pass(double seconds) {
        for (int i = 0; i < seconds * 5; i++) {
            master.nanos += Bench.SECOND / 5;
            if (i % 5 == 0) {
                List.copyOf(sessions.keySet()).forEach(this::beat);
            }
            master.tick();
            obey();
        }
    }

    private void beat(long server) {
        if (away.contains(server)) {
            return;
        }
        Effect effect = master.ask(new MasterInput.Heartbeat(
                master.ticket(), shown(server).setAllThrough(Long.MAX_VALUE).build()));
        if (effect instanceof Effect.Refuse) {
            register(server);
            return;
        }
        HeartbeatReply reply = Bench.reply(effect, HeartbeatReply.class);
        reply.getFenceList().forEach(fence -> fence(server, fence.getHandle(), fence.getVersion()));
        reply.getDropList().forEach(handle -> drop(server, handle));
        reply.getLookAgainList().forEach(handle -> looks.add(server));
        obeyed.put(server, numbers.get(server));
    }

    private HeartbeatRequest.Builder shown(long server) {
        NavigableSet<Long> lost = bad.getOrDefault(server, new TreeSet<>());
        HeartbeatRequest.Builder request = empty(server).addAllLost(lost);
        replicas(server).forEach((handle, replica) -> {
            if (!lost.contains(handle)) {
                request.addReplicas(replica);
            }
        });
        return request;
    }

    private HeartbeatRequest.Builder empty(long server) {
        return HeartbeatRequest.newBuilder()
                .setServerId(server)
                .setSession(sessions.get(server))
                .setNumber(numbers.merge(server, 1L, Long::sum))
                .setObeyed(obeyed.getOrDefault(server, 0L))
                .addDisks(disk());
    }

    /** A heartbeat whose answer is lost, or not carried out yet. */
    HeartbeatReply beatUnheard(long server) {
        return Bench.reply(
                master.ask(
                        new MasterInput.Heartbeat(master.ticket(), shown(server).build())),
                HeartbeatReply.class);
    }

    /** A heartbeat that shows nothing, as one of a server with many replicas may not show these; its answer is lost, too. */
    HeartbeatReply beatOfOthers(long server, List<Long> lost) {
        return Bench.reply(
                master.ask(new MasterInput.Heartbeat(
                        master.ticket(), empty(server).addAllLost(lost).build())),
                HeartbeatReply.class);
    }

    /** A registration that goes no further. */
    void beginToRegister(long id) {
        master.ask(new MasterInput.Register(
                master.ticket(),
                RegisterRequest.newBuilder()
                        .setServerId(id)
                        .setSession(nextSession++)
                        .setAddress("host:" + (1000 + id))
                        .setRack("r")
                        .addDisks(disk())
                        .build()));
    }

    void drop(long server, long handle) {
        replicas(server).remove(handle);
        bad.getOrDefault(server, new TreeSet<>()).remove(handle);
    }

    /** Its disk is gone: it has nothing any more. */
    void wipe(long server) {
        replicas(server).clear();
    }

    void put(long server, ReplicaReport replica) {
        replicas(server).put(replica.getHandle(), replica);
    }

    ReplicaReport held(long server, long handle) {
        return replicas(server).get(handle);
    }

    void obey() {
        while (!master.effects.isEmpty()) {
            List<Effect> orders = List.copyOf(master.effects);
            master.effects.clear();
            orders.forEach(order -> obey((Effect.Order) order));
        }
    }

    private void obey(Effect.Order order) {
        long server = order.target().server().value();
        boolean dead = away.contains(server);
        MasterInput.Failure failure = new MasterInput.Failure(ErrorCode.UNREACHABLE, true, 0, "refused");
        switch (order) {
            case Effect.Prepare(var target, var chunk, var version, var create, var chain) -> {
                ReplicaReport none = ReplicaReport.newBuilder()
                        .setHandle(chunk.value())
                        .setEstablished(version.value() == 1 ? 1 : 0)
                        .build();
                ReplicaReport before = replicas(server).getOrDefault(chunk.value(), none);
                if (dead) {
                    master.take(new MasterInput.PrepareFailed(chunk, version, target.server(), failure));
                } else {
                    replicas(server).put(chunk.value(), before);
                    fence(server, chunk.value(), version.value());
                    if (!chain.isEmpty()) {
                        boolean leads = chain.getFirst().getServerId() == server;
                        put(
                                server,
                                held(server, chunk.value()).toBuilder()
                                        .setLength(10)
                                        .setLeading(leads)
                                        .build());
                    }
                    master.take(new MasterInput.PrepareAnswered(chunk, version, target.server(), before));
                }
            }
            case Effect.Lead lead -> lead(lead, dead);
            case Effect.Probe(var target, var chunk, var version) ->
                master.take(
                        dead
                                ? new MasterInput.ProbeFailed(chunk, version, target.server(), failure)
                                : new MasterInput.ProbeAnswered(chunk, version, target.server()));
            case Effect.Clone clone -> {
                clones.add(clone);
                if (copies) {
                    carryOut(clone);
                }
            }
            case Effect.Fork fork -> fork(fork, dead);
            case Effect.Drop drop -> drop(drop, dead);
            case Effect.Scrub(var target, var chunk) -> scrubs.add(server);
            case Effect.Seal seal -> {
                if (seals && !dead) {
                    seal(seal.chunk());
                }
            }
        }
    }

    private void lead(Effect.Lead lead, boolean dead) {
        leads.add(lead);
        ServerId server = lead.target().server();
        if (dead || !leaders) {
            MasterInput.Failure failure = dead
                    ? new MasterInput.Failure(ErrorCode.UNREACHABLE, true, 0, "refused")
                    : new MasterInput.Failure(ErrorCode.DISK_FAILED, false, 0, "cannot be read");
            master.take(new MasterInput.LeadFailed(lead.chunk(), lead.version(), server, failure));
            return;
        }
        lead.request()
                .getMembersList()
                .forEach(member -> replicas(member.getServerId())
                        .put(
                                lead.chunk().value(),
                                ReplicaReport.newBuilder()
                                        .setHandle(lead.chunk().value())
                                        .setFence(lead.version().value())
                                        .setEstablished(lead.version().value())
                                        .setLength(10)
                                        .setLeading(member.getServerId() == server.value())
                                        .build()));
        master.take(new MasterInput.LeadAnswered(lead.chunk(), lead.version(), server, 10));
    }

    private void drop(Effect.Drop drop, boolean dead) {
        ServerId server = drop.target().server();
        drop.chunks().forEach(chunk -> drop(server.value(), chunk.value()));
        if (drop.veil() != Effect.Drop.NOBODY_WAITS) {
            MasterInput.Failure failure = new MasterInput.Failure(ErrorCode.UNREACHABLE, true, 0, "refused");
            master.take(
                    dead
                            ? new MasterInput.DropFailed(drop.veil(), server, failure)
                            : new MasterInput.DropAnswered(drop.veil(), server));
        }
    }

    void carryOut(Effect.Clone clone) {
        long server = clone.target().server().value();
        CloneRequest request = clone.request();
        if (away.contains(server)) {
            master.take(new MasterInput.CloneFailed(
                    clone.chunk(),
                    clone.version(),
                    clone.target().server(),
                    new MasterInput.Failure(ErrorCode.UNREACHABLE, true, 0, "refused")));
            return;
        }
        drop(server, request.getHandle());
        ReplicaReport copy = ReplicaReport.newBuilder()
                .setHandle(request.getHandle())
                .setFence(request.getVersion())
                .setEstablished(request.getOpen() ? 0 : request.getVersion())
                .setLength(request.getLength())
                .setSealed(!request.getOpen())
                .build();
        replicas(server).put(request.getHandle(), copy);
        master.take(new MasterInput.CloneAnswered(
                clone.chunk(), clone.version(), clone.target().server(), copy, request.getLength()));
    }

    /** A file with one open chunk on {@code goal} servers. */
    Chunk writtenChunk() {
        FileStatus file = Bench.reply(master.create("/f", false, false), FileStatus.class);
        master.take(new MasterInput.AddChunk(
                master.ticket(),
                AddChunkRequest.newBuilder().setFileId(file.getFileId()).build(),
                5));
        obey();
        return chunk();
    }

    Chunk chunk() {
        return master.core.image().chunk(new ChunkHandle(1));
    }

    List<Long> members() {
        return chunk().members().stream()
                .map(ChunkMember::server)
                .map(ServerId::value)
                .toList();
    }

    private void fork(Effect.Fork fork, boolean dead) {
        forks.add(fork);
        ServerId server = fork.target().server();
        if (dead || full.contains(server.value())) {
            ErrorCode code = dead ? ErrorCode.UNREACHABLE : ErrorCode.DISK_FAILED;
            MasterInput.Failure failure = new MasterInput.Failure(code, dead, 0, "no space left");
            master.take(new MasterInput.ForkFailed(fork.chunk(), fork.version(), server, failure));
            return;
        }
        ReplicaReport source = replicas(server.value()).get(fork.request().getHandle());
        ReplicaReport copy = source.toBuilder()
                .setHandle(fork.chunk().value())
                .setSealed(true)
                .setLeading(false)
                .build();
        replicas(server.value()).put(fork.chunk().value(), copy);
        master.take(new MasterInput.ForkAnswered(fork.chunk(), fork.version(), server, copy));
    }

    void seal() {
        seal(chunk().handle());
    }

    void seal(ChunkHandle handle) {
        Chunk chunk = master.core.image().chunk(handle);
        master.take(new MasterInput.SealChunk(
                master.ticket(),
                SealChunkRequest.newBuilder()
                        .setServerId(chunk.members().getFirst().server().value())
                        .setHandle(handle.value())
                        .setVersion(chunk.version().value())
                        .setLength(10)
                        .build()));
        held.values()
                .forEach(replicas -> replicas.computeIfPresent(
                        handle.value(),
                        (h, replica) ->
                                replica.getEstablished() == chunk.version().value()
                                        ? replica.toBuilder()
                                                .setSealed(true)
                                                .setLeading(false)
                                                .build()
                                        : replica));
    }

    /** The primary complains of a member. */
    void fail(long member) {
        master.take(new MasterInput.MemberFailed(
                master.ticket(),
                MemberFailedRequest.newBuilder()
                        .setServerId(members().getFirst())
                        .setHandle(1)
                        .setVersion(chunk().version().value())
                        .addFailed(member)
                        .build()));
        obey();
    }
}
