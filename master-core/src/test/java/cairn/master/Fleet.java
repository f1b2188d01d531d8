package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.ServerId;
import cairn.wire.proto.CloneRequest;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.DrainRequest;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.LimitChange;
import cairn.wire.proto.LimitsRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.ReportReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A master on the workbench and many servers that hold many sealed chunks of full size, but no bytes. Copies take a tick. */
final class Fleet {
    static final long CHUNK = 64L << 20;
    private static final long CAPACITY = 100 * CHUNK;

    final Bench master;
    final NavigableMap<Long, NavigableSet<Long>> held = new TreeMap<>();
    final NavigableSet<Long> away = new TreeSet<>();

    /** In the order in which they were ordered. */
    final List<Effect.Clone> clones = new ArrayList<>();

    private final NavigableMap<Long, String> racks = new TreeMap<>();
    private final NavigableMap<Long, Long> sessions = new TreeMap<>();
    private final Deque<Effect.Clone> under = new ArrayDeque<>();
    private long nextSession = 500;
    private int files;

    /** @param uneven servers are evened out when they differ by more; above 1: never */
    Fleet(double uneven) {
        this(MasterSettings.DEFAULT.withUnevenMax(uneven));
    }

    Fleet(MasterSettings settings) {
        master = new Bench(settings);
    }

    long join(String rack) {
        long session = nextSession++;
        RegisterReply reply = Bench.reply(
                master.ask(new MasterInput.Register(
                        master.ticket(),
                        RegisterRequest.newBuilder()
                                .setSession(session)
                                .setAddress("host:" + session)
                                .setRack(rack)
                                .addDisks(disk(0))
                                .build())),
                RegisterReply.class);
        long id = reply.getServerId();
        sessions.put(id, session);
        racks.put(id, rack);
        held.put(id, new TreeSet<>());
        register(id);
        return id;
    }

    private void register(long id) {
        page(id, List.of(), true);
    }

    /** Shows some of what it holds, as a part of its registration. */
    void page(long id, Iterable<Long> handles, boolean last) {
        ReplicasRequest.Builder page = ReplicasRequest.newBuilder()
                .setServerId(id)
                .setSession(session(id))
                .setLast(last);
        handles.forEach(handle -> page.addReplicas(report(handle)));
        master.ask(new MasterInput.Replicas(master.ticket(), page.build()));
    }

    /** Started anew, it says that it is on another rack, or a script says so. */
    void restartOn(long id, String rack) {
        racks.put(id, rack);
        again(id);
        back(id);
    }

    /** Its process is started anew, or the master's was; it shows nothing yet, and sends no heartbeats before {@link #back}. */
    void again(long id) {
        away.add(id);
        long session = nextSession++;
        sessions.put(id, session);
        master.ask(new MasterInput.Register(
                master.ticket(),
                RegisterRequest.newBuilder()
                        .setServerId(id)
                        .setSession(session)
                        .setAddress("host:" + session)
                        .setRack(racks.getOrDefault(id, ""))
                        .addDisks(disk(held(id).size()))
                        .build()));
    }

    /** It shows all that it holds. */
    void back(long id) {
        page(id, held(id), true);
        away.remove(id);
    }

    private long session(long id) {
        return sessions.getOrDefault(id, 0L);
    }

    NavigableSet<Long> held(long id) {
        return held.getOrDefault(id, new TreeSet<>());
    }

    private static DiskReport disk(int replicas) {
        return DiskReport.newBuilder()
                .setState("ok")
                .setTotalBytes(CAPACITY)
                .setUsedBytes(replicas * CHUNK)
                .setUsableBytes(CAPACITY - replicas * CHUNK)
                .setChunks(replicas)
                .build();
    }

    private static ReplicaReport report(long handle) {
        return ReplicaReport.newBuilder()
                .setHandle(handle)
                .setFence(1)
                .setEstablished(1)
                .setLength(CHUNK)
                .setSealed(true)
                .build();
    }

    /** Sealed chunks on exactly these servers, in one new file; returns its path. */
    String chunks(int count, Long... on) {
        String path = "/f" + files++;
        FileStatus file = Bench.reply(master.create(path, false, false), FileStatus.class);
        for (int i = 0; i < count; i++) {
            ChunkHandle handle = new ChunkHandle(master.core.image().nextHandle());
            List<ChunkMember> members = new ArrayList<>();
            for (long server : on) {
                members.add(new ChunkMember(new ServerId(server), true));
                held(server).add(handle.value());
            }
            master.record(new MasterRecord.ChunkAdded(handle, new FileId(file.getFileId()), members, 1));
            master.record(new MasterRecord.ChunkSealed(handle, new cairn.model.ChunkVersion(1), CHUNK, 1));
        }
        return path;
    }

    void drain(long server) {
        master.ask(new MasterInput.Drain(
                master.ticket(),
                DrainRequest.newBuilder().setServerId(server).setDrain(true).build()));
    }

    Effect set(String limit, long value) {
        LimitChange change =
                LimitChange.newBuilder().setName(limit).setValue(value).build();
        return master.ask(new MasterInput.Limits(
                master.ticket(), LimitsRequest.newBuilder().addChanges(change).build()));
    }

    ReportReply report() {
        return Bench.reply(master.ask(new MasterInput.Report(master.ticket(), 1, 1, 1)), ReportReply.class);
    }

    /** Live servers with the chunk. */
    List<Long> holders(long handle) {
        return held.keySet().stream()
                .filter(id -> !away.contains(id) && held(id).contains(handle))
                .toList();
    }

    NavigableSet<String> racksOf(long handle) {
        NavigableSet<String> found = new TreeSet<>();
        holders(handle).forEach(id -> found.add(racks.getOrDefault(id, "")));
        return found;
    }

    /** Five ticks a second; {@code always} is asked after each. */
    void pass(int seconds, Runnable always) {
        for (int i = 0; i < seconds * 5; i++) {
            master.nanos += Bench.SECOND / 5;
            if (i % 5 == 0) {
                List.copyOf(sessions.keySet()).forEach(this::beat);
            }
            List.copyOf(under).forEach(clone -> carryOut(under.removeFirst()));
            master.tick();
            obey();
            always.run();
        }
    }

    void pass(int seconds) {
        pass(seconds, () -> {});
    }

    private void obey() {
        for (Effect effect : List.copyOf(master.effects)) {
            switch ((Effect.Order) effect) {
                case Effect.Clone clone -> {
                    clones.add(clone);
                    under.add(clone);
                }
                case Effect.Drop(var target, var chunks, var _) ->
                    chunks.forEach(chunk -> held(target.server().value()).remove(chunk.value()));
                default -> throw new AssertionError(effect);
            }
        }
        master.effects.clear();
    }

    private void beat(long id) {
        if (away.contains(id)) {
            return;
        }
        HeartbeatRequest.Builder request = HeartbeatRequest.newBuilder()
                .setServerId(id)
                .setSession(session(id))
                .addDisks(disk(held(id).size()));
        held(id).forEach(handle -> request.addReplicas(report(handle)));
        HeartbeatReply reply = Bench.reply(
                master.ask(new MasterInput.Heartbeat(master.ticket(), request.build())), HeartbeatReply.class);
        reply.getDropList().forEach(held(id)::remove);
    }

    private void carryOut(Effect.Clone clone) {
        CloneRequest request = clone.request();
        long target = clone.target().server().value();
        boolean sourceThere = request.getSourcesList().stream()
                .anyMatch(source -> holders(request.getHandle()).contains(source.getServerId()));
        if (away.contains(target) || !sourceThere) {
            master.take(new MasterInput.CloneFailed(
                    clone.chunk(),
                    clone.version(),
                    clone.target().server(),
                    new MasterInput.Failure(ErrorCode.UNREACHABLE, false, 0, "nobody there")));
            return;
        }
        held(target).add(request.getHandle());
        master.take(new MasterInput.CloneAnswered(
                clone.chunk(), clone.version(), clone.target().server(), report(request.getHandle()), CHUNK));
    }
}
