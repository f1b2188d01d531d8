package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import cairn.model.Software;
import cairn.model.proof.Probe;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.PayloadPool;
import cairn.rpc.RpcEvents;
import cairn.rpc.RpcOptions;
import cairn.rpc.RpcPool;
import cairn.wire.proto.HelloReply;
import cairn.wire.proto.Member;
import cairn.world.World;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What everything that one {@link Cairn} has opened shares. Thread-safe. */
final class Core {

    /** Free buffers kept for reuse: a few inputs and outputs at full speed. */
    private static final long POOL_BYTES = 64L << 20;

    /** Fewer would leave a server idle while its answer travels; more would only cost it memory. */
    private static final int PIECES_AHEAD = 4;

    private static final String SOFTWARE = Software.NAME;

    final World world;
    final ClientOptions options;
    final PayloadPool buffers;
    final RpcPool rpc;
    final MasterCalls master;
    final Locations locations;
    final ReplicaOrder replicas;
    final Chunks chunks;
    final NearReads near;
    final Hedges hedges;
    private final AtomicLong cellId = new AtomicLong();
    private volatile Geometry geometry = Geometry.STANDARD;

    Core(List<ServerAddress> masters, ClientOptions options, World world) {
        this.world = world;
        this.options = options;
        this.buffers = new PayloadPool(world.time(), POOL_BYTES);
        Endpoint self = new Endpoint(
                world,
                () -> new Hello(cellId.get(), SOFTWARE, Hello.CLIENT),
                buffers,
                RpcOptions.DEFAULT,
                RpcEvents.NONE);
        this.rpc = new RpcPool(self);
        this.master = new MasterCalls(world, options, rpc, masters);
        this.replicas = new ReplicaOrder(world, options);
        this.chunks = new Chunks(this);
        this.near = new NearReads(this);
        this.hedges = new Hedges(this);
        this.locations = new Locations(this, new LocationCache(world.time()));
    }

    /** Makes the first contact and learns the cell's sizes. */
    void meet() throws CairnException {
        HelloReply hello = master.hello();
        cellId.set(hello.getCellId());
        if (hello.hasGeometry() && hello.getGeometry().getChunkBytes() > 0) {
            geometry = new Geometry(
                    hello.getGeometry().getChunkBytes(), hello.getGeometry().getBlockBytes());
        }
    }

    Geometry geometry() {
        return geometry;
    }

    /** What a sequential reader asks for at once: whole blocks, and several of them are under way. */
    int pieceBytes() {
        int block = geometry.blockBytes();
        int share = Math.min(options.readAheadBytesMax() / PIECES_AHEAD, Limits.TRANSFER_BYTES);
        return Math.max(block, share - share % block);
    }

    /** A branch that handles a fault is taken. */
    void met(Probe probe) {
        world.witness().met(probe);
    }

    long now() {
        return world.time().nanos();
    }

    /** When an operation that starts now must have ended. */
    long deadline() {
        return now() + options.operationTimeout().toNanos();
    }

    Backoff backoff() {
        return new Backoff(world, options);
    }

    static ServerAddress address(Member member) throws CairnException {
        try {
            return ServerAddress.parse(member.getAddress());
        } catch (IllegalArgumentException e) {
            throw new CairnException(
                    ErrorCode.INTERNAL, "the master named a server without an address: " + e.getMessage(), e);
        }
    }

    void close() {
        master.close();
        near.close();
        rpc.close();
    }
}
