package cairn.server.chunk;

import cairn.chunk.ReplicaState;
import cairn.model.ChunkHandle;
import cairn.model.Limits;
import cairn.model.proof.Probe;
import cairn.rpc.Payload;
import cairn.server.chunk.DiskChoice.Room;
import cairn.server.chunk.Holdings.Spare;
import cairn.store.CorruptReplica;
import cairn.store.Replica;
import cairn.store.ReplicaImport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evens out the disks of this server (docs/decisions/0006): sealed replicas of the fullest are copied to the emptiest, verified there,
 * and deleted where they were. Nobody else need know: the replica stays this server's, and serves all the time. A crash in
 * between leaves a replica on two disks, of which the next start uses one; the other is deleted when that one has been verified.
 * One thread.
 */
final class DiskBalance {
    private static final Logger LOG = LoggerFactory.getLogger(DiskBalance.class);

    /** Looked at in one tick to be moved. */
    private static final int LOOKED_AT_MAX = 1_000;

    private final Station station;
    private final BooleanSupplier stopped;
    private final Throttle throttle;
    private final List<Spare> kept = new ArrayList<>();
    private boolean moving;
    private long cursor;

    /** @param stopped asked between steps: the server is being closed */
    DiskBalance(Station station, BooleanSupplier stopped) {
        this.station = station;
        this.stopped = stopped;
        this.throttle =
                new Throttle(station.world().time(), station.options().upkeep().copyRateMax());
    }

    /** Deletes what is on two disks, and moves replicas until the disks are even enough. */
    void tick() {
        dropSpares();
        try {
            boolean moved = true;
            while (moved && !stopped.getAsBoolean()) {
                moved = moveOne();
            }
        } catch (IOException e) {
            station.met(Probe.DISK_MOVE_FAILED);
            LOG.warn("cannot even out the disks: {}", e.getMessage());
        }
    }

    // ---- moves

    private boolean moveOne() throws IOException {
        List<HeldDisk> disks = station.holdings().disks();
        List<Room> rooms = new ArrayList<>();
        long now = station.world().time().nanos();
        for (HeldDisk disk : disks) {
            rooms.add(disk.room(now));
        }
        double limit = station.options().upkeep().unevenDisksMax() * (moving ? 0.5 : 1);
        Unevenness uneven = Unevenness.of(rooms, station.geometry().chunkBytes(), limit);
        moving = uneven != null;
        if (uneven == null) {
            return false;
        }
        HeldDisk from = disks.get(uneven.from());
        LiveReplica next = next(from, uneven.bytesMax());
        return next != null && move(next, from, disks.get(uneven.to()));
    }

    /** The next one behind the last that may be moved, and is not so large that the disks would change places. */
    private @Nullable LiveReplica next(HeldDisk from, long bytesMax) {
        List<LiveReplica> some = station.holdings().after(cursor, LOOKED_AT_MAX);
        for (LiveReplica live : some) {
            cursor = live.handle().value();
            ReplicaState state = live.stored.state();
            boolean fits = live.disk.equals(from) && state.length() > 0 && state.length() <= bytesMax;
            if (fits && isQuiet(live, state)) {
                return live;
            }
        }
        cursor = some.size() < LOOKED_AT_MAX ? 0 : cursor;
        return null;
    }

    private boolean isQuiet(LiveReplica live, ReplicaState state) {
        live.lock.lock();
        try {
            return live.role == Role.SEALED
                    && LiveReplica.sealedAndGood(state)
                    && live.stored.state().equals(state)
                    && !station.masterLink().isLost(live.handle().value());
        } finally {
            live.lock.unlock();
        }
    }

    private boolean move(LiveReplica live, HeldDisk from, HeldDisk to) throws IOException {
        ChunkHandle handle = live.handle();
        if (!station.holdings().beginCopy(handle.value())) {
            return false;
        }
        try (ReplicaImport copy = to.store.importReplica(handle)) {
            ReplicaState state = live.stored.state();
            if (!fill(copy, live, state.length(), to) || !take(copy, live, state, to)) {
                station.met(Probe.DISK_MOVE_OVERTAKEN);
                return false;
            }
            from.store.delete(handle);
            station.holdings().discardQuarantined(handle);
            station.met(Probe.REPLICA_MOVED_TO_OTHER_DISK);
            LOG.info("moved {} from {} to {}, {} bytes", handle, from.directory, to.directory, state.length());
            return true;
        } catch (CorruptReplica e) {
            station.masterLink().corrupt(live, "found when it was moved to another disk: " + e.getMessage());
            return false;
        } finally {
            station.holdings().endCopy(handle.value());
        }
    }

    /** False when the server is being closed, or the replica was dropped. */
    private boolean fill(ReplicaImport copy, LiveReplica live, long length, HeldDisk to) throws IOException {
        while (copy.length() < length) {
            int bytes = (int) Math.min(Limits.TRANSFER_BYTES, length - copy.length());
            station.await(bytes, throttle, live.disk.traffic, to.traffic);
            if (stopped.getAsBoolean() || isGone(live)) {
                return false;
            }
            Payload payload = station.pool().takeNow(bytes);
            try {
                live.read(copy.length(), bytes, payload.buffer());
                PieceSums sums = PieceSums.of(
                        payload.buffer(), copy.length(), station.geometry().blockBytes());
                copy.write(payload.buffer(), sums.sums());
            } finally {
                payload.release();
            }
        }
        return true;
    }

    private boolean isGone(LiveReplica live) {
        return station.holdings().find(live.handle().value()) != live;
    }

    /** Whoever wants to change the replica waits meanwhile; who did so before has overtaken the move. */
    private boolean take(ReplicaImport copy, LiveReplica live, ReplicaState state, HeldDisk to) throws IOException {
        live.acquire();
        try {
            if (!isQuiet(live, state) || isGone(live)) {
                return false;
            }
            Replica equal = copy.finish(state.established(), state.serial(), true, live.stored.producers());
            if (!isGood(equal, live.stored)) {
                to.store.delete(live.handle());
                throw new IOException(
                        "%s: what was written to %s comes back different".formatted(live.handle(), to.directory));
            }
            live.moved(equal, to);
            return true;
        } finally {
            live.release();
        }
    }

    private boolean isGood(Replica copy, Replica original) throws IOException {
        try {
            return copy.blockSums().equals(original.blockSums())
                    && station.verifyThrough(copy::read, copy.state().length());
        } catch (CorruptReplica e) {
            return false;
        }
    }

    // ---- what a crash has left on two disks

    private void dropSpares() {
        Spare next = station.holdings().spares().poll();
        while (next != null) {
            kept.add(next);
            next = station.holdings().spares().poll();
        }
        kept.removeIf(spare -> stopped.getAsBoolean() ? false : isDone(spare));
    }

    /** Whether nothing need be done about it any more. */
    private boolean isDone(Spare spare) {
        ChunkHandle handle = spare.replica().handle();
        LiveReplica used = station.holdings().find(handle.value());
        if (spare.replica().isGone() || used == null || used.stored.equals(spare.replica())) {
            return true;
        }
        ReplicaState state = used.stored.state();
        boolean better = !state.suspect()
                && state.established().compareTo(spare.replica().state().established()) >= 0
                && !station.masterLink().isLost(handle.value());
        if (!better || !station.holdings().beginCopy(handle.value())) {
            return false;
        }
        try {
            if (!station.verifyThrough(used.stored::read, used.stored.state().length())) {
                return false;
            }
            spare.disk().store.delete(handle);
            station.met(Probe.SPARE_REPLICA_DROPPED);
            LOG.info("{} was on two disks; the one in {} is deleted", handle, spare.disk().directory);
            return true;
        } catch (CorruptReplica e) {
            station.masterLink().corrupt(used, "found when it was to be the only one: " + e.getMessage());
            return false;
        } catch (IOException e) {
            LOG.warn("{} is on two disks, and stays there for now: {}", handle, e.getMessage());
            return false;
        } finally {
            station.holdings().endCopy(handle.value());
        }
    }
}
