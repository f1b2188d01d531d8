package cairn.client;

import cairn.client.Reading.Piece;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.PermitWords;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.rpc.Reply;
import cairn.rpc.RpcException;
import cairn.wire.Method;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.Member;
import cairn.wire.proto.PermitReply;
import cairn.wire.proto.PermitRequest;
import cairn.world.SharedWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads replicas on this host from their files, as their servers permit it (docs/decisions/0011). Whatever is in the way, the
 * caller reads through the network. Thread-safe.
 */
final class NearReads {

    /** A server whose files cannot be read here is not asked again for so long. */
    private static final long SERVER_PAUSE_NANOS = 60_000_000_000L;

    /** For so long a chunk is read through the network when there was no permit, or a longer one was had. */
    private static final long CHUNK_PAUSE_NANOS = 1_000_000_000L;

    private static final int PAUSES_MAX = 4096;

    private static final long ASK_NANOS = 2_000_000_000L;

    private final Core core;
    private final NearFiles files;

    /** Chunks that are not asked for before this time; while somebody asks, a time far away. */
    private final Map<Long, Long> notBefore = new ConcurrentHashMap<>();

    private final Map<Long, Long> serverNotBefore = new ConcurrentHashMap<>();
    private final Map<Long, SharedWords> words = new ConcurrentHashMap<>();
    private final Sights sights = new Sights();
    private final LongAdder reads = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder givenUp = new LongAdder();

    NearReads(Core core) {
        this.core = core;
        this.files = new NearFiles(core);
    }

    /**
     * Up to {@code length} bytes at {@code from}; null when they have to come through the network. Less than {@code needed} only
     * at the end of a sealed chunk: what one read returns is of one moment, and the rest would be of another.
     */
    @Nullable
    Piece read(Located chunk, long from, int needed, int length) {
        if (!core.options.shortCircuit()) {
            return null;
        }
        NearFile file = file(chunk, from - chunk.offset(), needed);
        return file == null ? null : read(file, chunk, from - chunk.offset(), length);
    }

    private @Nullable NearFile file(Located chunk, long offset, int needed) {
        NearFile file = files.get(chunk.handle());
        if (file == null || file.version != chunk.at().getVersion() || !file.has(offset, needed)) {
            file = permitted(chunk, file);
        }
        return file == null || !file.has(offset, needed) ? null : file;
    }

    /** Whether {@link #fill} may be of use: files are read straight into direct buffers, and in whole blocks. */
    boolean mayFill(ByteBuffer into, int room) {
        return core.options.shortCircuit()
                && into.isDirect()
                && !into.isReadOnly()
                && room >= core.geometry().blockBytes();
    }

    /**
     * As {@link #read}, straight into {@code into}: whole blocks, as many as there is {@code room} for; 0 when they cannot be had so.
     *
     * @param all whether less than {@code room} is of no use
     */
    int fill(Located chunk, long from, ByteBuffer into, int room, boolean all) {
        long offset = from - chunk.offset();
        int block = core.geometry().blockBytes();
        boolean fits = offset % block == 0 && (!all || room % block == 0);
        NearFile file = fits ? file(chunk, offset, room) : null;
        if (file == null) {
            return 0;
        }
        int bytes = (int) Math.min(file.length - offset, room - room % block);
        if (all && bytes < room) {
            return 0;
        }
        ByteBuffer part = into.slice(into.position(), bytes);
        if (!taken(file, chunk, offset, part, bytes)) {
            return 0;
        }
        into.position(into.position() + bytes);
        return bytes;
    }

    private @Nullable Piece read(NearFile file, Located chunk, long offset, int length) {
        int block = core.geometry().blockBytes();
        long begin = offset - offset % block;
        long end = Math.min(file.length, (offset + length + block - 1) / block * block);
        int wanted = (int) (Math.min(end, offset + length) - offset);
        Payload whole = core.buffers.takeNow((int) (end - begin));
        try {
            if (!taken(file, chunk, begin, whole.buffer(), wanted)) {
                return null;
            }
            long known = file.sealed ? chunk.offset() + file.length : Long.MAX_VALUE;
            return new Piece(chunk.offset() + offset, chunk, known, whole.slice((int) (offset - begin), wanted));
        } finally {
            whole.release();
        }
    }

    /** Fills {@code into} with whole blocks that may be given out, {@code wanted} bytes of them; when not, the file is left for a while. */
    private boolean taken(NearFile file, Located chunk, long begin, ByteBuffer into, int wanted) {
        try {
            if (fill(file, chunk, begin, into)) {
                core.world.witness().served(new ChunkHandle(chunk.handle()), file.version, new ServerId(file.serverId));
                reads.increment();
                bytes.add(wanted);
                return true;
            }
        } catch (IOException e) {
            core.met(Probe.NEAR_FILE_FAILED);
        }
        files.forget(chunk.handle(), file);
        pause(chunk.handle());
        givenUp.increment();
        return false;
    }

    /** Whether the bytes are there and may be given out. A disk, or what connects it, gets a read wrong at times. */
    private boolean fill(NearFile file, Located chunk, long begin, ByteBuffer into) throws IOException {
        boolean good = file.read(begin, into);
        if (!file.stands()) {
            return false;
        }
        if (!good) {
            good = file.read(begin, into.rewind());
            if (!file.stands()) {
                return false;
            }
        }
        if (!good) {
            core.met(Probe.NEAR_BYTES_DAMAGED);
            reportBad(file, chunk, begin);
        }
        return good;
    }

    private void reportBad(NearFile file, Located chunk, long begin) {
        for (Member member : chunk.at().getMembersList()) {
            if (member.getServerId() == file.serverId) {
                String what = Chunks.about(chunk.at(), member) + " has bytes at " + begin
                        + " in its file that do not match their checksums";
                core.replicas.failed(file.serverId);
                core.chunks.reportBad(chunk.at(), member, what);
            }
        }
    }

    /** The file of a replica that may be read; null when there is none here, or not now. */
    private @Nullable NearFile permitted(Located chunk, @Nullable NearFile old) {
        ChunkLocation at = chunk.at();
        Member member = at.getSealed() || at.getLed() ? core.replicas.here(at.getMembersList()) : null;
        if (member == null
                || isPaused(serverNotBefore, member.getServerId())
                || (isSmall(at) && !(sights.areEnough(chunk.handle()) && (old != null || files.hasRoom())))) {
            return null;
        }
        long now = core.now();
        Long before = notBefore.get(chunk.handle());
        boolean mine = before == null
                ? notBefore.putIfAbsent(chunk.handle(), Long.MAX_VALUE) == null
                : now >= before && notBefore.replace(chunk.handle(), before, Long.MAX_VALUE);
        if (!mine) {
            return null;
        }
        NearFile file = null;
        try {
            file = ask(chunk, member);
        } finally {
            if (file == null || !file.sealed) {
                pause(chunk.handle());
            } else {
                notBefore.remove(chunk.handle());
            }
        }
        if (old != null) {
            files.forget(chunk.handle(), old);
        }
        if (file != null) {
            files.keep(chunk.handle(), file);
        }
        return file;
    }

    /** One that costs less to be sent than to be permitted, opened and closed; an open one may be of any length. */
    private boolean isSmall(ChunkLocation chunk) {
        return chunk.getSealed() && chunk.getLength() <= core.geometry().blockBytes();
    }

    private boolean isPaused(Map<Long, Long> pauses, long key) {
        Long until = pauses.get(key);
        return until != null && core.now() < until;
    }

    private @Nullable NearFile ask(Located chunk, Member member) {
        PermitRequest request = PermitRequest.newBuilder()
                .setHandle(chunk.handle())
                .setVersion(chunk.at().getVersion())
                .build();
        long sent = core.now();
        try {
            Reply<PermitReply> reply = core.rpc.call(
                    Core.address(member),
                    Method.PERMIT,
                    request,
                    Payload.empty(),
                    PermitReply.parser(),
                    sent + ASK_NANOS);
            try {
                return open(chunk, member, reply, sent);
            } finally {
                reply.release();
            }
        } catch (RpcException e) {
            core.met(Probe.NEAR_NOT_PERMITTED);
            if (e.code() == ErrorCode.BAD_REQUEST) {
                pause(member); // one that knows no permits
            }
        } catch (NotHere e) {
            core.met(Probe.NEAR_NOT_HERE);
            pause(member);
        } catch (IOException e) {
            core.met(Probe.NEAR_FILE_FAILED);
        }
        return null;
    }

    /** The server's files or clock are not ours. */
    private static final class NotHere extends IOException {
        private static final long serialVersionUID = 1L;

        NotHere(String why, @Nullable IOException cause) {
            super(why, cause);
        }
    }

    private NearFile open(Located chunk, Member member, Reply<PermitReply> reply, long sentNanos) throws IOException {
        PermitReply permit = reply.message();
        if (permit.getNowNanos() < sentNanos || permit.getNowNanos() > core.now()) {
            throw new NotHere(member.getAddress() + " has another clock", null);
        }
        int[] sums = sums(permit.getLength(), reply.payload().buffer());
        NearFile.Terms terms = new NearFile.Terms(chunk.at().getVersion(), member.getServerId(), permit, sums);
        SharedWords shared = wordsOf(member, permit);
        if (!shared.has(permit.getSlot())) {
            throw new IOException("a permit names a word that is not there: " + permit.getSlot());
        }
        try {
            return new NearFile(core, terms, core.world.disks().look(permit.getDataPath()), shared);
        } catch (AccessDeniedException e) {
            throw new NotHere("not for this user", e);
        }
    }

    private int[] sums(long length, ByteBuffer bytes) throws IOException {
        if (length < 0
                || bytes.remaining() != (long) Integer.BYTES * core.geometry().blocksFor(length)) {
            throw new IOException("the checksums of a permit do not cover its length");
        }
        int[] sums = new int[bytes.remaining() / Integer.BYTES];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(sums);
        return sums;
    }

    /** Those of the server's process as it is now. */
    private SharedWords wordsOf(Member member, PermitReply permit) throws IOException {
        SharedWords known = words.get(member.getServerId());
        if (known != null && known.get(PermitWords.IDENTITY) == permit.getIdentity()) {
            return known;
        }
        SharedWords fresh;
        try {
            fresh = core.world.disks().words(permit.getWordsPath());
        } catch (IOException e) {
            throw new NotHere("not on this host, or not for this user", e);
        }
        if (!fresh.has(PermitWords.FIRST) || fresh.get(PermitWords.IDENTITY) != permit.getIdentity()) {
            fresh.close();
            throw new NotHere(permit.getWordsPath() + " is not that of the process at " + member.getAddress(), null);
        }
        SharedWords before = words.put(member.getServerId(), fresh);
        if (before != null) {
            before.close();
        }
        return fresh;
    }

    private void pause(long handle) {
        long now = core.now();
        if (notBefore.size() > PAUSES_MAX) {
            notBefore.values().removeIf(until -> until <= now);
        }
        notBefore.put(handle, now + CHUNK_PAUSE_NANOS);
    }

    private void pause(Member member) {
        serverNotBefore.put(member.getServerId(), core.now() + SERVER_PAUSE_NANOS);
    }

    ReadCounts counts() {
        return new ReadCounts(reads.sum(), bytes.sum(), givenUp.sum(), 0, 0, 0);
    }

    /**
     * Whether the files of the chunkserver at {@code address} could be read here: empty if so, otherwise why not. Whether this
     * user may read the data files shows when they are read.
     */
    String obstacle(ServerAddress address, long deadlineNanos) throws CairnException {
        if (!core.options.shortCircuit()) {
            return "it is switched off in this client";
        }
        long sent = core.now();
        PermitReply shown;
        try {
            shown = core.rpc.call(
                    address, Method.PERMIT, PermitRequest.getDefaultInstance(), PermitReply.parser(), deadlineNanos);
        } catch (RpcException e) {
            if (e.code() == ErrorCode.UNREACHABLE) {
                throw e;
            }
            return String.valueOf(e.getMessage());
        }
        if (shown.getNowNanos() < sent || shown.getNowNanos() > core.now()) {
            return "it has another clock: it runs on another host, or in a container with a clock of its own";
        }
        try (SharedWords seen = core.world.disks().words(shown.getWordsPath())) {
            boolean same = seen.has(PermitWords.FIRST) && seen.get(PermitWords.IDENTITY) == shown.getIdentity();
            return same && seen.held() ? "" : shown.getWordsPath() + " is another server's here";
        } catch (IOException e) {
            return "cannot open " + e.getMessage();
        }
    }

    void close() {
        files.closeAll();
        words.values().forEach(SharedWords::close);
        words.clear();
    }
}
