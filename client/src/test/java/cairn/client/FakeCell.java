package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.rpc.Call;
import cairn.rpc.Dispatch;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.Payload;
import cairn.rpc.RpcServer;
import cairn.rpc.RpcService;
import cairn.wire.Method;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.AwaitReply;
import cairn.wire.proto.AwaitRequest;
import cairn.wire.proto.BadReplicaRequest;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.LocateReply;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.Member;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.MutationKind;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.SealReply;
import cairn.wire.proto.SealRequest;
import cairn.wire.proto.StatRequest;
import cairn.wire.proto.SumsReply;
import cairn.wire.proto.SumsRequest;
import cairn.wire.proto.TruncateRequest;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The master's and the chunkservers' side of the protocol in one small object, over real connections: one file system of
 * files without directories, chunks in memory, the exactly-once table, and faults that a test scripts. It checks what the
 * client may never do.
 */
final class FakeCell implements AutoCloseable {

    /** What happens to a mutation. */
    enum Fault {
        NONE,
        /** Refused; nothing is applied. */
        BUSY,
        /** The version is over before the mutation arrives. */
        FENCED_BEFORE,
        /** The mutation is applied, and the version is over before the client hears of it. */
        FENCED_AFTER,
        /** Every connection to the server breaks after the mutation is applied. */
        CUT_AFTER,
        /** The chunk is sealed as if it had been idle. */
        SEALED_BEFORE
    }

    interface Script {
        Fault next(MutateRequest request);
    }

    /** Damages or refuses reads. */
    interface ReadScript {
        boolean damage(ReadRequest request, long server);
    }

    /** Holds up answers to reads, in nanoseconds; others overtake them. */
    interface ReadDelay {
        long nanos(ReadRequest request, long server);
    }

    /** What others do to the cell just before it handles a request; it may refuse it, too. */
    interface Meanwhile {
        void before(Method method) throws IOException;
    }

    static final Geometry GEOMETRY = new Geometry(16 << 10, 1 << 10);

    private static final class Chunk {
        final long handle;
        byte[] bytes = new byte[GEOMETRY.chunkBytes()];
        int length;
        long version = 1;
        boolean sealed;
        final Map<Long, TreeMap<Long, Long>> answers = new LinkedHashMap<>();
        final Map<Long, Long> last = new LinkedHashMap<>();

        Chunk(long handle) {
            this.handle = handle;
        }
    }

    private static final class Node {
        final String name;
        final long id;
        final List<Chunk> chunks = new ArrayList<>();

        Node(String name, long id) {
            this.name = name;
            this.id = id;
        }
    }

    private final World world;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Node> files = new LinkedHashMap<>();
    private final Map<Long, Chunk> chunks = new LinkedHashMap<>();
    private final List<RpcServer> servers = new ArrayList<>();
    private final RpcServer master;
    private long nextId = 100;
    final List<Long> badReported = new ArrayList<>();
    volatile Script script = request -> Fault.NONE;
    volatile ReadScript readScript = (request, server) -> false;
    volatile ReadDelay readDelay = (request, server) -> 0;
    volatile Meanwhile meanwhile = method -> {};

    FakeCell(World world) throws IOException {
        this.world = world;
        this.master = start(0);
        for (int i = 1; i <= 3; i++) {
            servers.add(start(i));
        }
    }

    private RpcServer start(long server) throws IOException {
        Endpoint self =
                Endpoint.of(world, () -> new Hello(7, "fake", server == 0 ? "master" : "chunkserver", GEOMETRY));
        return RpcServer.start(self, world.network().listen(new ServerAddress("127.0.0.1", 0)), new RpcService() {
            @Override
            public Dispatch dispatch(Method method) {
                return method == Method.AWAIT ? Dispatch.BLOCKING : Dispatch.INLINE;
            }

            @Override
            public void handle(Call call) throws IOException {
                lock.lock();
                try {
                    FakeCell.this.handle(call, server);
                } finally {
                    lock.unlock();
                }
            }
        });
    }

    ServerAddress address() {
        return master.address();
    }

    /** The bytes of a file. */
    byte[] content(String path) {
        lock.lock();
        try {
            ByteBuffer all = ByteBuffer.allocate(files.get(path).chunks.stream()
                    .mapToInt(chunk -> chunk.length)
                    .sum());
            files.get(path).chunks.forEach(chunk -> all.put(chunk.bytes, 0, chunk.length));
            return all.array();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody has written for a while. */
    void sealIdle(String path) {
        lock.lock();
        try {
            files.get(path).chunks.forEach(this::seal);
        } finally {
            lock.unlock();
        }
    }

    boolean allSealed(String path) {
        return files.get(path).chunks.stream().allMatch(chunk -> chunk.sealed);
    }

    int chunkCount(String path) {
        return files.get(path).chunks.size();
    }

    @Override
    public void close() {
        master.close();
        servers.forEach(RpcServer::close);
    }

    /** Somebody cuts the file: the chunks are gone from every server. */
    void cut(String path, int keep) {
        cut(files.get(path), keep);
    }

    private void cut(Node file, int keep) {
        List<Chunk> gone = file.chunks.subList(Math.min(file.chunks.size(), keep), file.chunks.size());
        gone.forEach(chunk -> chunks.remove(chunk.handle));
        gone.clear();
        changed.signalAll();
    }

    /** The cell proves the last chunk's replicas against each other. */
    void reopen(String path) {
        lastOf(path).sealed = false;
        newVersion(path);
    }

    /** The last chunk got another version. */
    void newVersion(String path) {
        lastOf(path).version++;
    }

    private Chunk lastOf(String path) {
        List<Chunk> list = files.get(path).chunks;
        return list.get(list.size() - 1);
    }

    /** Connections to chunkservers. */
    int readerConnections() {
        return servers.stream().mapToInt(RpcServer::connections).sum();
    }

    /** The process of this chunkserver is dead. */
    void stop(long server) {
        servers.get((int) server - 1).close();
    }

    private void handle(Call call, long server) throws IOException {
        meanwhile.before(call.method());
        switch (call.method()) {
            case CREATE -> {
                CreateRequest request = call.message(CreateRequest.parser());
                boolean fresh = !files.containsKey(request.getPath());
                Node file = files.computeIfAbsent(request.getPath(), path -> new Node(path, nextId++));
                if (fresh && request.getWithChunk()) {
                    grow(file);
                }
                call.reply(status(file));
            }
            case STAT ->
                call.reply(status(file(call.message(StatRequest.parser()).getPath())));
            case LOCATE -> call.reply(locate(call.message(LocateRequest.parser())));
            case OPEN_CHUNK -> call.reply(open(call.message(OpenChunkRequest.parser())));
            case ADD_CHUNK -> call.reply(add(call.message(AddChunkRequest.parser())));
            case TRUNCATE -> {
                TruncateRequest request = call.message(TruncateRequest.parser());
                cut(byId(request.getFileId()), request.getKeep());
                call.reply(Empty.getDefaultInstance());
            }
            case BAD_REPLICA -> {
                badReported.add(call.message(BadReplicaRequest.parser()).getServerId());
                call.reply(Empty.getDefaultInstance());
            }
            case MUTATE -> mutate(call, server);
            case READ -> read(call, server);
            case AWAIT -> await(call);
            case SEAL -> {
                SealRequest request = call.message(SealRequest.parser());
                Chunk chunk = current(request.getHandle(), request.getVersion());
                seal(chunk);
                call.reply(SealReply.newBuilder().setLength(chunk.length).build());
            }
            case SUMS -> sums(call);
            default -> call.fail(ErrorCode.BAD_REQUEST, "not in this fake");
        }
    }

    private Node file(String path) throws CairnException {
        Node file = files.get(path);
        if (file == null) {
            throw new CairnException(ErrorCode.NOT_FOUND, path + " does not exist");
        }
        return file;
    }

    private Node byId(long id) throws CairnException {
        for (Node file : files.values()) {
            if (file.id == id) {
                return file;
            }
        }
        throw new CairnException(ErrorCode.NOT_FOUND, "no file " + id);
    }

    private FileStatus status(Node file) {
        FileStatus.Builder status =
                FileStatus.newBuilder().setFileId(file.id).setName(file.name).setChunkCount(file.chunks.size());
        long length = 0;
        for (Chunk chunk : file.chunks) {
            if (chunk.sealed || chunk != file.chunks.get(file.chunks.size() - 1)) {
                length += chunk.length;
            } else {
                status.setOpenChunk(location(file, chunk));
            }
        }
        return status.setLength(length).build();
    }

    private ChunkLocation location(Node file, Chunk chunk) {
        ChunkLocation.Builder at = ChunkLocation.newBuilder()
                .setHandle(chunk.handle)
                .setIndex(file.chunks.indexOf(chunk))
                .setVersion(chunk.version)
                .setSealed(chunk.sealed)
                .setLength(chunk.sealed ? chunk.length : 0)
                .setLed(!chunk.sealed);
        for (int i = 0; i < 3; i++) {
            int server = (int) ((chunk.version + i) % 3);
            at.addMembers(Member.newBuilder()
                    .setServerId(server + 1)
                    .setAddress(servers.get(server).address().toString()));
        }
        return at.build();
    }

    private LocateReply locate(LocateRequest request) throws CairnException {
        Node file = request.getFileId() != 0 ? byId(request.getFileId()) : file(request.getPath());
        LocateReply.Builder reply = LocateReply.newBuilder().setFileId(file.id).setChunkCount(file.chunks.size());
        long offset = 0;
        for (int i = 0; i < file.chunks.size(); i++) {
            if (i < request.getFirstIndex()) {
                boolean known = file.chunks.get(i).sealed || i < file.chunks.size() - 1; // to the master
                offset += known ? file.chunks.get(i).length : 0;
            } else if (i < request.getFirstIndex() + request.getCount()) {
                reply.addChunks(location(file, file.chunks.get(i)));
            }
        }
        return reply.setFirstOffset(offset).build();
    }

    private ChunkLocation open(OpenChunkRequest request) throws CairnException {
        Node file = byId(request.getFileId());
        Chunk chunk = chunks.get(request.getHandle());
        if (chunk == null || !file.chunks.contains(chunk)) {
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, "not in the file");
        }
        boolean fail = !chunk.sealed && request.getFailedVersion() == chunk.version;
        if (fail || (chunk.sealed && request.getForMutation())) {
            chunk.sealed = false;
            chunk.version++;
        }
        return location(file, chunk);
    }

    private ChunkLocation add(AddChunkRequest request) throws CairnException {
        Node file = byId(request.getFileId());
        int index = 0;
        if (request.getAfter() != 0) {
            Chunk after = chunks.get(request.getAfter());
            index = file.chunks.indexOf(after) + 1;
            if (index == 0 || (!after.sealed && index == file.chunks.size())) {
                throw new CairnException(ErrorCode.CONFLICT, "the chunk before is not sealed");
            }
        }
        if (index == file.chunks.size()) {
            grow(file);
        }
        return location(file, file.chunks.get(index));
    }

    private void grow(Node file) {
        Chunk chunk = new Chunk(nextId++);
        chunks.put(chunk.handle, chunk);
        file.chunks.add(chunk);
        changed.signalAll();
    }

    private Chunk current(long handle, long version) throws CairnException {
        Chunk chunk = chunks.get(handle);
        if (chunk == null) {
            throw new CairnException(ErrorCode.NO_SUCH_CHUNK, "no chunk");
        }
        if (chunk.version != version) {
            throw new CairnException(ErrorCode.STALE_VERSION, "the version is " + chunk.version);
        }
        return chunk;
    }

    private void seal(Chunk chunk) {
        chunk.sealed = true;
        changed.signalAll();
    }

    private void mutate(Call call, long server) throws IOException {
        MutateRequest request = call.message(MutateRequest.parser());
        Chunk chunk = current(request.getHandle(), request.getVersion());
        Fault fault = script.next(request);
        if (fault == Fault.BUSY) {
            throw new CairnException(ErrorCode.BUSY, "scripted");
        } else if (fault == Fault.FENCED_BEFORE) {
            chunk.version++;
            throw new CairnException(ErrorCode.STALE_VERSION, "scripted");
        } else if (fault == Fault.SEALED_BEFORE) {
            seal(chunk);
        }
        ByteBuffer bytes = call.payload().buffer();
        if (Pieces.sum(bytes) != request.getPayloadSum()) {
            throw new CairnException(ErrorCode.BAD_CHECKSUM, "the payload is damaged");
        }
        Long known = chunk.answers
                .computeIfAbsent(request.getProducer(), id -> new TreeMap<>())
                .get(request.getSequence());
        long offset = known != null ? known : apply(chunk, request, bytes, call);
        if (offset < 0) {
            return;
        }
        if (fault == Fault.FENCED_AFTER) {
            chunk.version++;
            throw new CairnException(ErrorCode.STALE_VERSION, "scripted");
        } else if (fault == Fault.CUT_AFTER) {
            RpcServer old = servers.get((int) server - 1);
            servers.set((int) server - 1, start(server));
            world.threads().start("cut", old::close);
            throw new CairnException(ErrorCode.UNREACHABLE, "scripted");
        }
        if (request.getSeal() && known == null) {
            seal(chunk);
        }
        call.reply(MutateReply.newBuilder()
                .setOffset(offset)
                .setCommitted(chunk.length)
                .setSealed(request.getSeal() && known == null)
                .build());
    }

    private long apply(Chunk chunk, MutateRequest request, ByteBuffer bytes, Call call) throws CairnException {
        long last = chunk.last.getOrDefault(request.getProducer(), 0L);
        boolean follows = request.getPrevious() == 0 || request.getPrevious() == last;
        if (request.getSequence() <= last
                || (!follows && !chunk.sealed)) { // a sealed chunk tells SEALED to all it has not
            throw new CairnException(ErrorCode.OUT_OF_ORDER, "last is " + last);
        }
        boolean append = request.getKind() == MutationKind.APPEND;
        if (append && chunk.length + bytes.remaining() > chunk.bytes.length) {
            seal(chunk);
        }
        if (chunk.sealed) {
            call.fail(ErrorCode.SEALED, "sealed", chunk.length);
            return -1;
        }
        int offset = append ? chunk.length : (int) request.getOffset();
        switch (request.getKind()) {
            case APPEND, WRITE -> {
                List<Integer> sums = Pieces.sums(offset, bytes, GEOMETRY.blockBytes());
                if (!append && !sums.equals(request.getPieceSumsList())) {
                    throw new CairnException(ErrorCode.BAD_REQUEST, "the pieces are cut wrongly");
                }
                int end = offset + bytes.remaining();
                bytes.get(chunk.bytes, offset, bytes.remaining());
                chunk.length = Math.max(chunk.length, end);
            }
            case SET_LENGTH -> {
                Arrays.fill(chunk.bytes, Math.min(offset, chunk.length), chunk.bytes.length, (byte) 0);
                chunk.length = offset;
            }
            default -> {
                return 0;
            }
        }
        chunk.last.put(request.getProducer(), request.getSequence());
        TreeMap<Long, Long> answers = chunk.answers.get(request.getProducer());
        answers.put(request.getSequence(), (long) offset);
        answers.headMap(request.getAcknowledged(), true).clear();
        changed.signalAll();
        return offset;
    }

    private void read(Call call, long server) throws IOException {
        ReadRequest request = call.message(ReadRequest.parser());
        Chunk chunk = current(request.getHandle(), request.getVersion());
        int offset = (int) request.getOffset();
        int length = Math.max(0, Math.min(request.getLength(), chunk.length - offset));
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.put(chunk.bytes, Math.min(offset, chunk.length), length).flip();
        List<Integer> sums = Pieces.sums(offset, bytes, GEOMETRY.blockBytes());
        if (length > 0 && readScript.damage(request, server)) {
            bytes.put(length / 2, (byte) ~bytes.get(length / 2));
        }
        ReadReply reply = ReadReply.newBuilder()
                .addAllPieceSums(sums)
                .setCommitted(chunk.length)
                .setSealed(chunk.sealed)
                .build();
        Payload payload = length == 0 ? Payload.empty() : Payload.of(bytes);
        long delay = readDelay.nanos(request, server);
        if (delay == 0) {
            call.reply(reply, payload);
        } else {
            call.goOnApart(() -> {
                world.time().sleep(delay);
                call.reply(reply, payload);
            });
        }
    }

    private void await(Call call) throws IOException {
        AwaitRequest request = call.message(AwaitRequest.parser());
        long until = world.time().nanos() + request.getWaitNanos();
        Chunk chunk = current(request.getHandle(), request.getVersion());
        while (!chunk.sealed
                && chunk.length <= request.getBeyond()
                && world.time().nanos() < until) {
            world.time().await(lock, changed, until);
            chunk = current(request.getHandle(), request.getVersion());
        }
        call.reply(AwaitReply.newBuilder()
                .setCommitted(chunk.length)
                .setSealed(chunk.sealed)
                .build());
    }

    private void sums(Call call) throws IOException {
        SumsRequest request = call.message(SumsRequest.parser());
        Chunk chunk = current(request.getHandle(), request.getVersion());
        List<Integer> sums = Pieces.sums(0, ByteBuffer.wrap(chunk.bytes, 0, chunk.length), GEOMETRY.blockBytes());
        ByteBuffer bytes = ByteBuffer.allocate(4 * sums.size()).order(ByteOrder.LITTLE_ENDIAN);
        sums.forEach(bytes::putInt);
        call.reply(
                SumsReply.newBuilder().setLength(chunk.length).build(),
                sums.isEmpty() ? Payload.empty() : Payload.of(bytes.flip()));
    }
}
