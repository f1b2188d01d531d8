package cairn.server.chunk;

import cairn.model.Geometry;
import cairn.model.Limits;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.rpc.PayloadPool;
import cairn.rpc.RpcPool;
import cairn.store.ReadResult;
import cairn.wire.proto.Member;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What all duties of one chunkserver share.
 *
 * @param traffic of clients, over all disks
 * @param copies paces the bytes of copies that this server takes
 */
record Station(
        World world,
        ChunkServerOptions options,
        PayloadPool pool,
        RpcPool peers,
        Holdings holdings,
        Serving serving,
        Permits permits,
        MasterLink masterLink,
        Traffic traffic,
        Throttle copies) {

    Door door() {
        return new Door(this);
    }

    ServerId self() {
        return holdings.self();
    }

    Geometry geometry() {
        return holdings.geometry();
    }

    /** Clients moved so many bytes of this replica. */
    void clientMoved(LiveReplica live, long bytes) {
        traffic.note(bytes);
        live.disk.traffic.note(bytes);
    }

    /** Waits for the turn of work in the background: the latest of all these. */
    void await(long bytes, Pace... paces) {
        long wait = 0;
        for (Pace pace : paces) {
            wait = Math.max(wait, pace.turnNanos(bytes));
        }
        if (wait > 0) {
            world.time().sleep(wait);
        }
    }

    /** Reads bytes for nothing but their checksums; returns how long the replica was then. */
    long verify(Bytes of, long offset, int bytes) throws IOException {
        Payload payload = pool.takeNow(bytes);
        try {
            return of.read(offset, bytes, payload.buffer()).replicaLength();
        } finally {
            payload.release();
        }
    }

    /** The same of all up to {@code length}, at once; false when it was cut meanwhile. */
    boolean verifyThrough(Bytes of, long length) throws IOException {
        long offset = 0;
        while (offset < length) {
            int bytes = (int) Math.min(Limits.TRANSFER_BYTES, length - offset);
            if (verify(of, offset, bytes) < offset + bytes) {
                return false;
            }
            offset += bytes;
        }
        return true;
    }

    /** A replica's bytes; throws {@link cairn.store.CorruptReplica} for those that do not match their checksums. */
    interface Bytes {
        ReadResult read(long offset, int length, ByteBuffer into) throws IOException;
    }

    /** A branch that handles a fault is taken. */
    void met(Probe probe) {
        world.witness().met(probe);
    }

    long deadlineIn(long nanos) {
        return world.time().nanos() + nanos;
    }

    static ServerAddress addressOf(Member member) {
        return ServerAddress.parse(member.getAddress());
    }
}
