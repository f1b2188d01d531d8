package cairn.rpc;

import cairn.model.Invariant;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bytes that several parties hold at once: reference-counted, so that what arrived from a socket can go to a disk and to
 * the next socket without a copy. Starts with one reference; whoever receives a payload owns one. The bytes are not
 * changed while more than one party holds them. Thread-safe.
 */
public final class Payload {
    private static final Payload EMPTY = new Payload(ByteBuffer.allocate(0), () -> {}, true);

    private final ByteBuffer bytes;
    private final Runnable released;
    private final boolean eternal;
    private final AtomicInteger references = new AtomicInteger(1);

    private Payload(ByteBuffer bytes, Runnable released, boolean eternal) {
        this.bytes = bytes;
        this.released = released;
        this.eternal = eternal;
    }

    /** No bytes; never really released. */
    public static Payload empty() {
        return EMPTY;
    }

    /** The remaining bytes of a buffer that nobody changes until the payload is released. */
    public static Payload of(ByteBuffer bytes) {
        return of(bytes, () -> {});
    }

    /** As {@link #of(ByteBuffer)}; {@code released} runs once, on the thread that gives back the last reference. */
    public static Payload of(ByteBuffer bytes, Runnable released) {
        return new Payload(bytes.slice(), released, false);
    }

    /** A view of its own position and limit, from the first byte to the last; valid while a reference is held. */
    public ByteBuffer buffer() {
        Invariant.check(references.get() > 0, "a released payload is read");
        return bytes.duplicate();
    }

    public int length() {
        return bytes.capacity();
    }

    /** A part of these bytes as a payload of its own, with its own reference to be released. */
    public Payload slice(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, length());
        retain();
        return new Payload(bytes.slice(offset, length), this::release, false);
    }

    /** Adds a reference. Only a holder of one may. */
    public Payload retain() {
        if (!eternal) {
            Invariant.check(references.getAndIncrement() > 0, "a released payload is retained");
        }
        return this;
    }

    /** Gives a reference back; after the last one the bytes belong to somebody else. */
    public void release() {
        if (eternal) {
            return;
        }
        int left = references.decrementAndGet();
        Invariant.check(left >= 0, "a payload is released twice");
        if (left == 0) {
            released.run();
        }
    }
}
