package cairn.server.chunk;

import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.Retry;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.rpc.RpcException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a chunk at its committed length: when an append does not fit, when a writer closes, when the chunk is idle, when
 * the master asks. The chunk takes no mutation from the first step on; the master's log decides.
 */
final class Sealer {
    private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);

    private static final long RETRY_NANOS = 200_000_000L;

    private final Station station;
    private final Forwarder forwarder;
    private final Waiters waiters;

    /** Answers the mutations that came while the chunk was being sealed. */
    interface Waiters {
        void answer(LiveReplica live, Arrival arrival, long length);
    }

    Sealer(Station station, Forwarder forwarder, Waiters waiters) {
        this.station = station;
        this.forwarder = forwarder;
        this.waiters = waiters;
    }

    /** Stops taking mutations and seals on a thread of its own. The caller holds the lock and knows that we lead. */
    void begin(LiveReplica live) {
        if (live.sealing) {
            return;
        }
        live.sealing = true;
        live.waitingForSeal.addAll(live.arrivals);
        live.arrivals.clear();
        long version = live.version;
        station.world().threads().start("seal " + live.handle(), () -> seal(live, version));
    }

    /** Seals if it is time: nobody has mutated the chunk for a while. */
    void tick(LiveReplica live) {
        long idleNanos = station.options().sealAfterIdle().toNanos();
        live.lock.lock();
        try {
            if (live.role == Role.PRIMARY && station.world().time().nanos() - live.mutatedAtNanos > idleNanos) {
                begin(live);
            }
        } finally {
            live.lock.unlock();
        }
    }

    private void seal(LiveReplica live, long version) {
        long length = awaitQuiet(live, version);
        if (length < 0 || !logged(live, version, length)) {
            return;
        }
        long serial;
        live.lock.lock();
        try {
            live.enter();
            if (live.version != version || live.role != Role.PRIMARY) {
                station.met(Probe.SEALED_BY_ANOTHER);
                live.leave();
                return;
            }
            serial = waitsForCommit() ? live.pipeline.committedSerial() : live.pipeline.begunSerial();
        } finally {
            live.lock.unlock();
        }
        forwarder.forwardSeal(live, serial, length, new MemberDuty.SealTold(station));
        try {
            live.stored.seal(new ChunkVersion(version), length);
        } catch (IOException e) {
            station.met(Probe.SEAL_NOT_WRITTEN);
            LOG.warn("{} is sealed at {} but its own disk refuses to note it: {}", live.handle(), length, e.toString());
        }
        List<Arrival> waiting = finish(live, length);
        waiting.forEach(arrival -> waiters.answer(live, arrival, length));
        station.masterLink().changed(live);
    }

    private static List<Arrival> finish(LiveReplica live, long length) {
        live.lock.lock();
        try {
            live.last.forEach(echo -> echo.call()
                    .reply(echo.reply().toBuilder()
                            .setCommitted(length)
                            .setSealed(true)
                            .build()));
            live.last.clear();
            List<Arrival> waiting = new ArrayList<>(live.waitingForSeal);
            live.waitingForSeal.clear();
            if (live.role == Role.PRIMARY) {
                live.role = Role.SEALED;
            }
            live.sealing = false;
            live.leave();
            return waiting;
        } finally {
            live.lock.unlock();
        }
    }

    /** Waits until nothing is in flight; returns the committed length, or -1 when the version ended meanwhile. */
    private long awaitQuiet(LiveReplica live, long version) {
        live.lock.lock();
        try {
            while (live.version == version && live.role == Role.PRIMARY) {
                if (!live.busy && (live.pipeline.isIdle() || !waitsForCommit())) {
                    return waitsForCommit() ? live.pipeline.committedLength() : live.pipeline.begunLength();
                }
                live.changed.awaitUninterruptibly();
            }
            station.met(Probe.SEAL_OVERTAKEN);
            return -1;
        } finally {
            live.lock.unlock();
        }
    }

    private boolean waitsForCommit() {
        return station.options().keeps(Rule.SEAL_COMMITTED);
    }

    /** Has the master log the seal. Once asked, only a definite answer or a newer version ends this. */
    private boolean logged(LiveReplica live, long version, long length) {
        while (true) {
            try {
                station.masterLink().sealChunk(live.handle(), version, length);
                return true;
            } catch (RpcException e) {
                if (e.code().retry() != Retry.SAME && e.code().retry() != Retry.WITH_SAME_ID) {
                    station.met(Probe.SEAL_REFUSED);
                    stepDown(live, version, String.valueOf(e.getMessage()));
                    return false;
                }
            }
            station.met(Probe.SEAL_NOT_LOGGED_YET);
            if (!stillLeads(live, version)) {
                return false;
            }
            sendAway(live);
            station.world().time().sleep(RETRY_NANOS);
        }
    }

    /**
     * The master has not answered us for so long that our serving term is over. Those who wait for the seal may reach it: it
     * starts the next version without us, which ends this one here.
     */
    private void sendAway(LiveReplica live) {
        if (station.serving().holds()) {
            return;
        }
        String reason = "the master does not answer this server, which leads " + live.handle();
        List<Arrival> waiting;
        live.lock.lock();
        try {
            waiting = List.copyOf(live.waitingForSeal);
            live.waitingForSeal.clear();
            live.last.forEach(echo -> echo.call().fail(ErrorCode.NOT_SERVING, reason));
            live.last.clear();
        } finally {
            live.lock.unlock();
        }
        waiting.forEach(arrival -> arrival.refuse(ErrorCode.NOT_SERVING, reason));
    }

    private static boolean stillLeads(LiveReplica live, long version) {
        live.lock.lock();
        try {
            return live.version == version && live.role == Role.PRIMARY;
        } finally {
            live.lock.unlock();
        }
    }

    private static void stepDown(LiveReplica live, long version, String reason) {
        live.lock.lock();
        try {
            if (live.version == version && live.role == Role.PRIMARY) {
                live.stepAside(Role.STOPPED, ErrorCode.NOT_SERVING, "the master refused to seal: " + reason);
            }
        } finally {
            live.lock.unlock();
        }
    }
}
