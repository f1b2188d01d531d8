package cairn.client;

import cairn.client.Chunks.Complaint;
import cairn.client.Hedges.Kind;
import cairn.client.Hedges.Sent;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.model.Retry;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.rpc.Payload;
import cairn.rpc.Pending;
import cairn.rpc.Reply;
import cairn.rpc.RpcException;
import cairn.wire.Method;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.Member;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads pieces of a file from replicas, each byte checked. Thread-safe. */
final class Reading {
    /** Rounds over all replicas, each damaged, before a reader is told: another may be copied or come back meanwhile. */
    private static final int DAMAGED_ROUNDS_MAX = 8;

    /** A second replica is asked only if it can be reached at once, or nearly. */
    private static final long HEDGE_CONNECT_NANOS = 50_000_000;

    private final Core core;
    private final long file;
    private final String path;
    private final long taste;

    Reading(Core core, long file, String path) {
        this.core = core;
        this.file = file;
        this.path = path;
        this.taste = core.world.entropy().nextLong();
    }

    long file() {
        return file;
    }

    String path() {
        return path;
    }

    /**
     * Checked bytes of a file.
     *
     * @param from offset of the first byte, in the file
     * @param chunk where they came from
     * @param end of what the chunk had committed, in the file
     * @param bytes to be released; empty at the end of what is committed
     */
    record Piece(long from, Located chunk, long end, Payload bytes) {

        long until() {
            return from + bytes.length();
        }
    }

    /** The member to ask for bytes that the chunk is known to hold; null when there is none to ask now. */
    @Nullable
    Member best(Located chunk) {
        ChunkLocation at = chunk.at();
        return !(at.getSealed() || at.getLed()) || at.getMembersCount() == 0
                ? null
                : core.replicas.order(at.getMembersList(), taste).get(0);
    }

    /**
     * Reads from a file on this host, without waiting for anybody where that is known already; null when it cannot.
     *
     * @param needed less than these only at the end of a sealed chunk
     */
    @Nullable
    Piece near(long from, int needed, int length, long deadlineNanos) throws CairnException {
        Located chunk = core.locations.find(file, from, deadlineNanos);
        return chunk == null || !mayHold(chunk, from) ? null : core.near.read(chunk, from, needed, length);
    }

    /**
     * The same, straight into a direct buffer: whole blocks, as many as there is room for; 0 when they cannot be had so.
     *
     * @param all whether less than the room, or the most that is read at once, is of no use
     */
    int near(long from, ByteBuffer into, boolean all, long deadlineNanos) throws CairnException {
        int room = Math.min(into.remaining(), Limits.TRANSFER_BYTES);
        if (!core.near.mayFill(into, room)) {
            return 0;
        }
        Located chunk = core.locations.find(file, from, deadlineNanos);
        return chunk == null || !mayHold(chunk, from) ? 0 : core.near.fill(chunk, from, into, room, all);
    }

    /** Reads up to {@code length} bytes at {@code from}: at least one, or null at the end of the file as it is now. */
    @Nullable
    Piece read(long from, int length, long deadlineNanos) throws CairnException {
        long started = core.now();
        Located chunk = core.locations.find(file, from, deadlineNanos);
        if (chunk != null && !mayHold(chunk, from)) {
            chunk = core.locations.findFresh(file, from, deadlineNanos); // it was the last one when it was looked up
        }
        Backoff backoff = core.backoff();
        int damaged = 0;
        while (chunk != null && mayHold(chunk, from)) {
            CairnException problem;
            try {
                Piece piece = fromAny(chunk, from, length, deadlineNanos);
                if (piece.bytes().length() > 0) {
                    return piece;
                }
                if (isLast(piece.chunk(), started, deadlineNanos)) {
                    return null;
                }
                core.met(Probe.CHUNK_ENDED_EARLY);
                problem = new CairnException(ErrorCode.STALE_VERSION, "the chunk ended before its time");
            } catch (CairnException e) {
                if (!mayTryAgain(e)) {
                    throw e;
                }
                problem = e;
                damaged = e.code() == ErrorCode.CORRUPT ? damaged + 1 : 0;
                if (damaged == DAMAGED_ROUNDS_MAX) {
                    core.met(Probe.EVERY_REPLICA_DAMAGED);
                    throw new CairnException(e.code(), "reading " + path + " at " + from + ": " + e.getMessage(), e);
                }
                if (core.now() >= deadlineNanos) {
                    core.met(Probe.READ_GIVEN_UP);
                    throw Errors.expired(
                            "reading " + path + " at " + from + ", " + Chunks.about(chunk.at(), null),
                            core.now() - started,
                            problem);
                }
                backoff.pause(deadlineNanos);
            }
            chunk = renewedInTime(chunk, from, problem, deadlineNanos);
        }
        return null;
    }

    /** As {@link #renewed}, for as long as the file loses the chunk between two questions to the master. */
    private @Nullable Located renewedInTime(Located old, long from, CairnException problem, long deadlineNanos)
            throws CairnException {
        Backoff backoff = core.backoff();
        while (true) {
            try {
                return renewed(old, from, problem, deadlineNanos);
            } catch (CairnException e) {
                if (e.code() != ErrorCode.NO_SUCH_CHUNK || core.master.closed() || core.now() >= deadlineNanos) {
                    throw e;
                }
                backoff.pause(deadlineNanos);
            }
        }
    }

    /**
     * Whether the file ended where {@code piece} ends, at some moment since {@code startedNanos}: then a read that wants more
     * is over, and what it got was all there at that moment.
     */
    boolean endsWith(Piece piece, long startedNanos, long deadlineNanos) throws CairnException {
        return piece.until() == piece.end() && isLast(piece.chunk(), startedNanos, deadlineNanos);
    }

    /**
     * Whether nothing followed the chunk at some moment since {@code startedNanos}. A replica cannot say: the master may have
     * logged the seal, and somebody appended behind it, before the replica heard.
     */
    private boolean isLast(Located chunk, long startedNanos, long deadlineNanos) throws CairnException {
        boolean trusted = chunk.seenNanos() > startedNanos || !core.options.keeps(Rule.END_ASKED);
        if (!chunk.last() || trusted) {
            return chunk.last();
        }
        Located last = core.locations.last(file, chunk.index(), deadlineNanos);
        return last != null && last.handle() == chunk.handle();
    }

    /** An open last chunk holds all behind its start, as far as is known; but never more than a chunk. */
    private boolean mayHold(Located chunk, long from) {
        return from - chunk.offset() < core.geometry().chunkBytes();
    }

    private boolean mayTryAgain(CairnException problem) {
        return problem.code().retry() != Retry.NO && !core.master.closed();
    }

    /** The chunk at {@code from} as it is now, led if it is open. */
    private @Nullable Located renewed(Located old, long from, CairnException problem, long deadlineNanos)
            throws CairnException {
        core.locations.forget(file);
        Located now = core.locations.findFresh(file, from, deadlineNanos);
        if (now == null || now.at().getSealed()) {
            return now;
        }
        boolean same = now.handle() == old.handle()
                && now.at().getVersion() == old.at().getVersion();
        boolean fruitless = same && problem.code() != ErrorCode.BUSY && problem.code() != ErrorCode.CORRUPT;
        if (!fruitless && now.at().getLed()) {
            return now;
        }
        core.met(fruitless ? Probe.READ_COMPLAINED : Probe.READ_FOUND_NO_LEADER);
        Complaint complaint = fruitless ? new Complaint(now.at().getVersion(), 0) : Complaint.NONE;
        ChunkLocation led = core.chunks.open(file, now.at(), complaint, false, deadlineNanos);
        Located opened = now.with(led);
        core.locations.remember(file, opened);
        return opened;
    }

    /** Tries each replica once, the best first. */
    private Piece fromAny(Located chunk, long from, int length, long deadlineNanos) throws CairnException {
        Located ready = chunk;
        if (!chunk.at().getSealed() && !chunk.at().getLed()) {
            ready = chunk.with(core.chunks.open(file, chunk.at(), Complaint.NONE, false, deadlineNanos));
            core.locations.remember(file, ready);
        }
        Piece near = core.near.read(ready, from, length, length);
        if (near != null) {
            return near;
        }
        CairnException last = null;
        List<Member> members = core.replicas.order(ready.at().getMembersList(), taste);
        List<String> damaged = new ArrayList<>();
        for (Member member : members) {
            try {
                return fromOne(ready, members, member, new Range(from, length), deadlineNanos);
            } catch (RpcException e) {
                if (e.code().retry() == Retry.NO) {
                    throw e;
                }
                core.met(Probe.READ_ELSEWHERE);
                core.replicas.failed(member.getServerId());
                last = e;
                if (e.code() == ErrorCode.CORRUPT) {
                    core.met(Probe.REPLICA_REPORTS_DAMAGE);
                    damaged.add(member.getAddress());
                }
                if (Chunks.stale(e)) {
                    core.met(Probe.LOCATION_STALE);
                    break;
                }
            } catch (CairnException e) {
                core.replicas.failed(member.getServerId());
                last = e;
            }
        }
        throw last == null ? noneLives(chunk) : allOrOne(chunk, damaged, members, last);
    }

    private static CairnException noneLives(Located chunk) {
        return new CairnException(
                ErrorCode.NO_REPLICA, Errors.chunk(chunk.handle()) + ": no chunkserver that holds it is live");
    }

    /** Reads from {@code member}, or, when it takes too long, from whoever of it and the next one answers first. */
    private Piece fromOne(Located chunk, List<Member> members, Member member, Range range, long deadlineNanos)
            throws CairnException {
        long attempt = Math.min(deadlineNanos, core.now() + Chunks.ATTEMPT_NANOS);
        Sent first = new Sent(
                member,
                core.rpc
                        .get(Core.address(member), attempt)
                        .call(Method.READ, request(chunk, range.from(), range.length())));
        Sent sent = core.hedges.settle(
                Kind.of(range.length()), first, () -> second(chunk, members, member, range), attempt);
        Reply<ReadReply> reply = sent.pending().await(ReadReply.parser(), attempt);
        return checked(chunk, sent.member(), range.from(), range.length(), reply);
    }

    /** Bytes of a file. */
    private record Range(long from, int length) {}

    /** Sends a read that {@code first} has already to the best other one; null when there is none. */
    @Nullable
    Sent second(Located chunk, Member first, long from, int length) {
        List<Member> members = core.replicas.order(chunk.at().getMembersList(), taste);
        return second(chunk, members, first, new Range(from, length));
    }

    /** Sends the same read to the best replica but the one that has it already; null when there is none. */
    private @Nullable Sent second(Located chunk, List<Member> members, Member first, Range range) {
        for (Member member : members) {
            if (member.getServerId() != first.getServerId()) {
                try {
                    long soon = core.now() + HEDGE_CONNECT_NANOS;
                    Pending pending = core.rpc
                            .get(Core.address(member), soon)
                            .call(Method.READ, request(chunk, range.from(), range.length()));
                    return new Sent(member, pending);
                } catch (CairnException e) {
                    core.replicas.failed(member.getServerId());
                }
            }
        }
        return null;
    }

    /** Damage counts when nobody else may have good bytes; otherwise it is a good one that is waited for. */
    private static CairnException allOrOne(
            Located chunk, List<String> damaged, List<Member> members, CairnException last) {
        if (!damaged.isEmpty() && damaged.size() == members.size()) {
            return allDamaged(chunk, damaged);
        }
        return last.code() != ErrorCode.CORRUPT
                ? last
                : new CairnException(
                        ErrorCode.NO_REPLICA,
                        "%s: %s have only damaged bytes, and the others do not answer"
                                .formatted(Errors.chunk(chunk.handle()), damaged),
                        last);
    }

    private static CairnException allDamaged(Located chunk, List<String> where) {
        return new CairnException(
                ErrorCode.CORRUPT,
                Errors.chunk(chunk.handle()) + " is damaged there in every replica (" + String.join(", ", where)
                        + "); a chunkserver that is away may have a good one, otherwise restore the file from a copy");
    }

    ReadRequest request(Located chunk, long from, int length) {
        return ReadRequest.newBuilder()
                .setHandle(chunk.handle())
                .setVersion(chunk.at().getVersion())
                .setOffset(from - chunk.offset())
                .setLength(inside(chunk, from, length))
                .build();
    }

    /** A read stays within its chunk. */
    private int inside(Located chunk, long from, int length) {
        return (int) Math.min(length, chunk.offset() + core.geometry().chunkBytes() - from);
    }

    Piece checked(Located chunk, Member member, long from, int length, Reply<ReadReply> reply) throws CairnException {
        Payload bytes = reply.payload();
        long offset = from - chunk.offset();
        ReadReply message = reply.message();
        boolean whole = bytes.length() > 0 || offset >= message.getCommitted();
        boolean fits = bytes.length() <= inside(chunk, from, length) && whole;
        int block = core.geometry().blockBytes();
        if (fits && Pieces.match(offset, bytes.buffer(), block, message.getPieceSumsList())) {
            core.replicas.worked(member.getServerId());
            Located seen = message.getSealed() && !chunk.at().getSealed() ? sealed(chunk, message) : chunk;
            return new Piece(from, seen, chunk.offset() + message.getCommitted(), bytes);
        }
        bytes.release();
        throw damaged(
                chunk, member, from, fits ? "bytes that do not match their checksums" : "the wrong number of bytes");
    }

    /** Reports a replica whose server answered a read with {@code what}. */
    CairnException damaged(Located chunk, Member member, long from, String what) {
        core.met(Probe.BYTES_DAMAGED);
        String text =
                Chunks.about(chunk.at(), member) + " answered a read at " + (from - chunk.offset()) + " with " + what;
        core.chunks.reportBad(chunk.at(), member, text);
        return new CairnException(ErrorCode.CORRUPT, text);
    }

    private static Located sealed(Located chunk, ReadReply message) {
        return chunk.with(chunk.at().toBuilder()
                .setSealed(true)
                .setLength(message.getCommitted())
                .build());
    }
}
