package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Retry;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.rpc.RpcConnection;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.wire.Method;
import cairn.wire.proto.HelloReply;
import cairn.wire.proto.RequestId;
import cairn.world.World;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Calls to the master, repeated until they are answered or the deadline passes. Thread-safe. */
final class MasterCalls {

    /** A full cell may get space in a moment (servers that register after a restart), but a user should not wait long. */
    private static final long NO_SPACE_PATIENCE_NANOS = 5_000_000_000L;

    /** One attempt: OPEN_CHUNK may wait for a serving term; a dead connection is found by the pings of rpc. */
    private static final long ATTEMPT_NANOS = 20_000_000_000L;

    private final World world;
    private final ClientOptions options;
    private final RpcPool rpc;
    private final List<ServerAddress> masters;
    private final long client;
    private final AtomicLong sequence = new AtomicLong();
    private volatile int current;
    private volatile boolean closed;

    MasterCalls(World world, ClientOptions options, RpcPool rpc, List<ServerAddress> masters) {
        this.world = world;
        this.options = options;
        this.rpc = rpc;
        this.masters = List.copyOf(masters);
        this.client = world.entropy().nextLong();
    }

    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    /** Names the next mutation of the namespace; a retry carries the same one. */
    RequestId nextId() {
        return RequestId.newBuilder()
                .setClient(client)
                .setSequence(sequence.incrementAndGet())
                .build();
    }

    /** The first contact: fails at once when nobody listens at any of the addresses. */
    HelloReply hello() throws CairnException {
        long deadline = world.time().nanos() + options.connectTimeout().toNanos();
        Backoff backoff = new Backoff(world, options);
        RpcException last = null;
        while (true) {
            boolean allRefused = true;
            for (int i = 0; i < masters.size(); i++) {
                try {
                    RpcConnection connection = rpc.get(masters.get(i), deadline);
                    current = i;
                    return ofMaster(connection.hello(), masters.get(i));
                } catch (RpcException e) {
                    if (e.code().retry() == Retry.NO) {
                        throw e;
                    }
                    allRefused &= e.refused();
                    world.witness().met(Probe.MASTER_NOT_MET);
                    // The last attempt may end for want of time alone: what was wrong is what the one before said.
                    last = last == null || world.time().nanos() < deadline ? e : last;
                }
            }
            if (last != null && (allRefused || world.time().nanos() >= deadline)) {
                throw Errors.noCell(cell(), last);
            }
            backoff.pause(deadline);
        }
    }

    private static HelloReply ofMaster(HelloReply hello, ServerAddress address) throws CairnException {
        if (hello.getRole().equals("chunkserver")) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, address + ": is a chunkserver; a cell is named by its master's address");
        }
        return hello;
    }

    /** @throws CairnException the master's refusal, or UNREACHABLE when the deadline passed */
    <M extends MessageLite> M call(Method method, MessageLite request, Parser<M> parser, long deadlineNanos)
            throws CairnException {
        Backoff backoff = new Backoff(world, options);
        long started = world.time().nanos();
        while (true) {
            if (closed) {
                throw Errors.closed();
            }
            int asked = current;
            try {
                long attempt = Math.min(deadlineNanos, world.time().nanos() + ATTEMPT_NANOS);
                return rpc.call(masters.get(asked), method, request, parser, attempt);
            } catch (RpcException e) {
                long now = world.time().nanos();
                if (!again(e.code(), now - started)) {
                    throw e;
                }
                if (now >= deadlineNanos) {
                    world.witness().met(Probe.MASTER_CALL_GIVEN_UP);
                    throw e.code() == ErrorCode.UNREACHABLE
                            ? Errors.noCell(masters.get(asked).toString(), e)
                            : new CairnException(
                                    e.code(), e.getMessage() + "; gave up after " + Errors.seconds(now - started), e);
                }
                world.witness().met(Probe.MASTER_CALL_REPEATED);
                current = (asked + 1) % masters.size();
            }
            backoff.pause(deadlineNanos);
        }
    }

    private static boolean again(ErrorCode code, long elapsedNanos) {
        if (code == ErrorCode.NO_SPACE) {
            return elapsedNanos < NO_SPACE_PATIENCE_NANOS;
        }
        return code.retry() == Retry.SAME || code.retry() == Retry.WITH_SAME_ID || code == ErrorCode.NOT_SERVING;
    }

    String cell() {
        StringBuilder names = new StringBuilder();
        for (ServerAddress master : masters) {
            names.append(names.length() == 0 ? "" : ",").append(master);
        }
        return names.toString();
    }
}
