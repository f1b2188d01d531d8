package cairn.server.chunk;

import cairn.model.ChunkHandle;
import cairn.model.Limits;
import cairn.model.proof.Probe;
import cairn.rpc.Call;
import cairn.store.CorruptReplica;
import cairn.wire.proto.ScrubReply;
import cairn.wire.proto.ScrubRequest;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every replica in turn and has it verified against its block sums (GFS 5.2), slowly enough to be done in time, and what is
 * asked for ahead of that. Goes on after a restart about where it was. A bad replica is told to the master, which sees to the
 * rest (docs/decisions/0005). One thread runs it; requests come from any.
 */
final class Scrubber {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);

    /** A round is meant to be over in this part of its time: restarts and busy hours take some. */
    private static final double HASTE = 1.25;

    /** A small store is read a little faster than it need be; nobody feels it. */
    private static final long ROUND_RATE_MIN = 64 << 10;

    /** What was not read while others were served is not made up for in one go. */
    private static final long CREDIT_MAX = 2L * Limits.TRANSFER_BYTES;

    private static final long NOTE_NANOS = 30_000_000_000L;
    private static final long NAP_NANOS = 100_000_000L;

    /** What was bad just now is not looked at with every heartbeat. */
    private static final long LOOK_AGAIN_NANOS = 15_000_000_000L;

    private final Station station;
    private final BooleanSupplier stopped;
    private final Throttle throttle;
    private final ConcurrentSkipListSet<Long> asked = new ConcurrentSkipListSet<>(Long::compareUnsigned);
    private final ConcurrentSkipListSet<Long> doubted = new ConcurrentSkipListSet<>(Long::compareUnsigned);
    private final AtomicLong checked = new AtomicLong();
    private final AtomicLong checkedBytes = new AtomicLong();
    private final AtomicLong roundDone = new AtomicLong();

    // Of the scrubber's thread only.
    private long cursor;
    private long lookedAgainNanos = Long.MIN_VALUE;
    private boolean resumed;
    private double credit;
    private long lastNanos;
    private long notedNanos;

    /** @param stopped asked between steps: the server is being closed */
    Scrubber(Station station, BooleanSupplier stopped) {
        this.station = station;
        this.stopped = stopped;
        this.throttle =
                new Throttle(station.world().time(), station.options().upkeep().scrubRateMax());
        this.lastNanos = station.world().time().nanos();
        this.notedNanos = lastNanos;
    }

    /** SCRUB: queues what is asked for, and tells how far it is. */
    void scrub(Call call) throws IOException {
        ScrubRequest request = call.message(ScrubRequest.parser());
        List<LiveReplica> meant = request.getAll()
                ? List.copyOf(station.holdings().all())
                : request.getHandlesList().stream()
                        .distinct()
                        .map(station.holdings()::find)
                        .filter(Objects::nonNull)
                        .toList();
        meant.forEach(live -> asked.add(live.handle().value()));
        call.reply(ScrubReply.newBuilder()
                .setAsked(meant.size())
                .setAskedBytes(meant.stream()
                        .mapToLong(live -> live.stored.state().length())
                        .sum())
                .setWaiting(asked.size())
                .setChecked(checked.get())
                .setCheckedBytes(checkedBytes.get())
                .setBad(station.masterLink().damage().count())
                .setHeld(station.holdings().all().size())
                .setRoundDone(roundDone.get())
                .addAllDamage(station.masterLink().damage().after(request.getDamageAfter()))
                .build());
    }

    /** The master knows of no other replica: perhaps what was put aside here is well after all. */
    void lookAgain(long handle) {
        doubted.add(handle);
    }

    private void lookAgain() {
        long now = station.world().time().nanos();
        boolean early = lookedAgainNanos != Long.MIN_VALUE && now - lookedAgainNanos < LOOK_AGAIN_NANOS;
        if (doubted.isEmpty() || early) {
            return;
        }
        while (!doubted.isEmpty() && !stopped.getAsBoolean()) {
            long handle = doubted.first();
            LiveReplica taken = station.holdings().lookAgain(new ChunkHandle(handle));
            if (taken != null) {
                station.masterLink().changed(taken);
            }
            doubted.remove(handle);
        }
        lookedAgainNanos = station.world().time().nanos();
    }

    /** What was asked for, then what the round owes since the last tick. */
    void tick() {
        lookAgain();
        while (!asked.isEmpty() && !stopped.getAsBoolean()) {
            long handle = asked.first();
            verify(station.holdings().find(handle), true);
            asked.remove(handle);
        }
        long now = station.world().time().nanos();
        credit = Math.min(CREDIT_MAX, credit + roundRate() * ((now - lastNanos) / 1e9));
        lastNanos = now;
        resumeRound();
        for (int i = 0; credit > 0 && i < station.holdings().all().size() && !stopped.getAsBoolean(); i++) {
            credit -= Math.max(1, step());
        }
        noteRound(now);
    }

    /** Bytes a second with which everything is read in time. */
    private double roundRate() {
        Upkeep upkeep = station.options().upkeep();
        double needed = station.holdings().usedBytes()
                * HASTE
                / Math.max(1, upkeep.scrubEvery().toSeconds());
        double most = (double) upkeep.scrubRateMax();
        return Math.clamp(needed, Math.min((double) ROUND_RATE_MIN, most), most);
    }

    /** Verifies the next replica of the round; returns its bytes. */
    private long step() {
        List<LiveReplica> next = station.holdings().after(cursor, 1);
        if (next.isEmpty()) {
            LOG.debug("a round of scrubbing is over, {} replicas verified since the start", checked.get());
            cursor = 0;
            roundDone.set(0);
            return 0;
        }
        LiveReplica live = next.getFirst();
        cursor = live.handle().value();
        roundDone.incrementAndGet();
        return verify(live, false);
    }

    private long verify(@Nullable LiveReplica live, boolean hurried) {
        if (live == null || station.masterLink().isLost(live.handle().value())) {
            return 0;
        }
        long offset = 0;
        try {
            if (live.stored.restoreRemovedFiles()) {
                station.masterLink()
                        .noteMended(
                                live, "its files had been removed from the disk; made anew, as they were open still");
            }
            long length = live.stored.state().length();
            while (offset < length && !stopped.getAsBoolean()) {
                int bytes = (int) Math.min(Limits.TRANSFER_BYTES, length - offset);
                pause(Math.max(throttle.turnNanos(bytes), live.disk.traffic.turnNanos(bytes)), hurried);
                offset += bytes;
                if (station.verify(live::read, offset - bytes, bytes) < offset) {
                    break; // cut meanwhile
                }
            }
            checked.incrementAndGet();
        } catch (CorruptReplica e) {
            station.world().witness().met(Probe.SCRUB_FOUND_DAMAGE);
            station.masterLink().corrupt(live, "found by scrubbing: " + e.getMessage());
        } catch (IOException e) {
            LOG.warn("cannot verify {}: {}", live.handle(), e.getMessage());
        }
        checkedBytes.addAndGet(offset);
        return offset;
    }

    /** In naps, so that the server need not wait long when it stops; those of a round let a request go first. */
    private void pause(long nanos, boolean hurried) {
        long left = nanos;
        while (left > 0 && !stopped.getAsBoolean() && (hurried || asked.isEmpty())) {
            long nap = Math.min(left, NAP_NANOS);
            station.world().time().sleep(nap);
            left -= nap;
        }
    }

    // ---- where the round is, over restarts

    private void resumeRound() {
        if (!resumed && station.holdings().cellId() != 0) {
            resumed = true;
            cursor = station.holdings().scrubbedTo();
            roundDone.set(station.holdings().all().stream()
                    .filter(live -> Long.compareUnsigned(live.handle().value(), cursor) <= 0)
                    .count());
        }
    }

    private void noteRound(long now) {
        if (resumed && now - notedNanos >= NOTE_NANOS) {
            notedNanos = now;
            station.holdings().noteScrubbed(cursor);
        }
    }
}
