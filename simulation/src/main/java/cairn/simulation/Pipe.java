package cairn.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * One direction of a connection: bytes in flight, each with its time of arrival and never overtaking, and bytes arrived
 * but not read. Both together are bounded, so a writer blocks when the reader does not read. A partition stops the stream
 * and retransmission starts it again, as TCP does.
 */
final class Pipe {

    private static final long RETRANSMIT_NANOS_MAX = 5_000_000_000L;
    private static final long GIVE_UP_NANOS = 900_000_000_000L; // about what tcp_retries2 = 15 amounts to

    private final Links links;
    private final SimConnection source;
    private final SimConnection target;
    private final ArrayDeque<Segment> flying = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> arrived = new ArrayDeque<>();
    private final Links.Waiters readers = new Links.Waiters();
    private final Links.Waiters writers = new Links.Waiters();
    private int used;
    private int uncredited;
    private long lastArrivalNanos;
    private long stalledNanos;
    private boolean endArrived;
    private boolean deaf;
    private boolean swallowed;
    private boolean draining;

    /** Some bytes, or with none the end of the stream. */
    private record Segment(long arrivesAtNanos, ByteBuffer bytes) {}

    Pipe(Links links, SimConnection source, SimConnection target) {
        this.links = links;
        this.source = source;
        this.target = target;
    }

    int free() {
        return links.options().bufferBytes() - used;
    }

    Links.Waiters readers() {
        return readers;
    }

    Links.Waiters writers() {
        return writers;
    }

    /** Takes bytes that fit, or with none ends the stream. */
    void send(ByteBuffer bytes) {
        used += bytes.remaining();
        long now = links.scheduler().nowNanos();
        lastArrivalNanos = Math.max(lastArrivalNanos, now + links.delayNanos());
        flying.add(new Segment(lastArrivalNanos, bytes));
        if (flying.size() == 1) {
            scheduleNext();
        }
    }

    private void scheduleNext() {
        Segment next = flying.peek();
        if (next != null) {
            links.after(next.arrivesAtNanos - links.scheduler().nowNanos(), this::deliver);
        }
    }

    private void deliver() {
        if (flying.isEmpty()) {
            return; // a reset took everything
        }
        if (swallowed || !links.open(source.host(), target.host())) {
            retransmit();
            return;
        }
        stalledNanos = 0;
        receive(flying.remove().bytes);
        scheduleNext();
    }

    private void receive(ByteBuffer bytes) {
        links.note(target, "receives", bytes.remaining());
        if (deaf) {
            if (bytes.hasRemaining()) {
                links.reset(target.host(), source, "Connection reset by peer");
            }
            return;
        }
        if (draining) {
            used -= bytes.remaining();
            writers.wakeAll();
        } else if (bytes.hasRemaining()) {
            arrived.add(bytes);
        } else {
            endArrived = true;
        }
        readers.wakeAll();
    }

    /** The packet did not arrive: again after a while, twice as long each time, until the sender's kernel gives up. */
    private void retransmit() {
        if (source.isSilent()) {
            flying.clear();
            return;
        }
        long wait = Math.clamp(stalledNanos, Links.RETRANSMIT_NANOS, RETRANSMIT_NANOS_MAX);
        stalledNanos += wait;
        if (stalledNanos > GIVE_UP_NANOS) {
            flying.clear();
            source.breakWith("Connection timed out");
        } else {
            links.after(wait, this::deliver);
        }
    }

    boolean hasArrived() {
        return !arrived.isEmpty();
    }

    boolean hasEnded() {
        return endArrived && arrived.isEmpty();
    }

    /** Moves arrived bytes, at most {@code most}, there must be some. */
    int take(ByteBuffer into, int most) {
        int taken = 0;
        int wanted = Math.min(into.remaining(), most);
        ByteBuffer next = arrived.peek();
        while (next != null && taken < wanted) {
            int length = Math.min(next.remaining(), wanted - taken);
            into.put(next.slice(next.position(), length));
            next.position(next.position() + length);
            taken += length;
            if (!next.hasRemaining()) {
                arrived.remove();
            }
            next = arrived.peek();
        }
        uncredited += taken;
        credit();
        return taken;
    }

    /** Tells the writer of the room, which takes a way back: with a one-way partition it fills the buffer and stops. */
    private void credit() {
        if (!swallowed && links.open(target.host(), source.host())) {
            used -= uncredited;
            uncredited = 0;
            writers.wakeAll();
        } else if (!deaf) {
            links.after(Links.RETRANSMIT_NANOS, this::credit);
        }
    }

    /** Nobody will read here any more. Returns whether bytes were left unread. */
    boolean deafen() {
        deaf = true;
        boolean unread = !arrived.isEmpty();
        arrived.clear();
        return unread;
    }

    /** The end has broken: what comes is answered with a reset, what has come may be read. */
    void stopReceiving() {
        deaf = true;
    }

    /** Something on the way has forgotten this stream: nothing of it arrives any more, and nobody is told. */
    void swallow() {
        swallowed = true;
    }

    boolean isSwallowed() {
        return swallowed;
    }

    /** Nobody reads here, and yet there is always room. */
    void drain() {
        draining = true;
    }

    void loseArrived() {
        arrived.clear();
    }

    void loseFlying() {
        flying.clear();
    }

    void wakeAll() {
        readers.wakeAll();
        writers.wakeAll();
    }
}
