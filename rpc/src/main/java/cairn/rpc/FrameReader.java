package cairn.rpc;

import cairn.wire.Frame;
import cairn.wire.FrameException;
import cairn.wire.FrameHeader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a connection. Headers, messages and small payloads are read ahead into one buffer, many frames at
 * a time; a large payload goes from the socket straight into its own buffer. Used by one thread.
 */
final class FrameReader {

    /** What the reader asks of the connection it reads for. */
    interface Host {
        /** Bytes of a frame are there: its sender has so much time to send the rest, beginning now. */
        void frameBegins();

        /** The frame is complete. */
        void frameEnds();

        /**
         * Whether to keep the message of this frame; otherwise it is read and thrown away. Called before any memory is taken
         * for it.
         *
         * @throws FrameException the connection cannot go on
         */
        boolean admit(FrameHeader header) throws FrameException;

        /** Memory for the payload of this frame, or null: it is read and thrown away. */
        @Nullable
        Payload take(FrameHeader header) throws FrameException;

        /** Called before each read from the socket: it may block. */
        void beforeRead();

        /** Called when bytes have come. */
        void arrived();
    }

    /** Where the bytes come from. */
    interface Source {
        /** As {@link cairn.world.Connection#read(ByteBuffer)}. */
        int read(ByteBuffer into) throws IOException;
    }

    /**
     * A frame without its payload, which comes next.
     *
     * @param wanted whether the host wants it; if not, the message is empty
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Head(FrameHeader header, byte[] message, boolean wanted) {}

    /**
     * A frame.
     *
     * @param message empty when the host did not want it
     * @param payload null when the host had no memory for it, or did not want the message
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Incoming(
            FrameHeader header, byte[] message, @Nullable Payload payload) {}

    private final Source source;
    private final Host host;
    private final ByteBuffer ahead;

    FrameReader(Source source, int readAheadBytes, Host host) {
        this.source = source;
        this.host = host;
        this.ahead = ByteBuffer.allocateDirect(Math.max(readAheadBytes, Frame.HEADER_BYTES))
                .limit(0);
    }

    /** The next frame; null when the peer has ended the stream behind a whole frame. */
    @Nullable
    Incoming next() throws IOException {
        Head head = head();
        if (head == null) {
            return null;
        }
        Payload payload = head.wanted() ? host.take(head.header()) : null;
        if (payload == null) {
            skip(head.header().payloadBytes());
        } else {
            readPayload(payload);
        }
        host.frameEnds();
        return new Incoming(head.header(), head.message(), payload);
    }

    /** As {@link #next}, but leaves the payload to the caller, who {@link #fill}s buffers with all of it before the next frame. */
    @Nullable
    Head head() throws IOException {
        if (ahead.hasRemaining()) {
            host.frameBegins();
        }
        while (ahead.remaining() < Frame.HEADER_BYTES) {
            boolean first = !ahead.hasRemaining();
            if (!readMore()) {
                if (first) {
                    return null;
                }
                throw cutShort();
            }
            if (first) {
                host.frameBegins();
            }
        }
        FrameHeader header = Frame.decode(ahead);
        boolean wanted = host.admit(header);
        byte[] message = wanted ? readMessage(header.messageBytes()) : skipMessage(header);
        header.verify(message);
        return new Head(header, message, wanted);
    }

    /** Passes over the message and takes its checksum; what is left to verify is nothing. */
    private byte[] skipMessage(FrameHeader header) throws IOException {
        int left = header.messageBytes();
        while (left > 0) {
            need();
            int count = Math.min(ahead.remaining(), left);
            header.sum().update(ahead.slice(ahead.position(), count));
            ahead.position(ahead.position() + count);
            left -= count;
        }
        return new byte[0];
    }

    /** Reads and forgets until the peer ends the stream or the connection is closed. */
    void drain() throws IOException {
        do {
            ahead.position(ahead.limit());
        } while (readMore());
    }

    private byte[] readMessage(int length) throws IOException {
        byte[] message = new byte[length];
        int done = 0;
        while (done < length) {
            need();
            int count = Math.min(ahead.remaining(), length - done);
            ahead.get(message, done, count);
            done += count;
        }
        return message;
    }

    private void skip(int bytes) throws IOException {
        int left = bytes;
        while (left > 0) {
            need();
            int count = Math.min(ahead.remaining(), left);
            ahead.position(ahead.position() + count);
            left -= count;
        }
    }

    private void readPayload(Payload payload) throws IOException {
        boolean whole = false;
        try {
            fill(payload.buffer());
            whole = true;
        } finally {
            if (!whole) {
                payload.release();
            }
        }
    }

    /** Reads the next bytes of a payload, as many as there is room for. */
    void fill(ByteBuffer payload) throws IOException {
        while (payload.hasRemaining()) {
            if (ahead.hasRemaining()) {
                int count = Math.min(ahead.remaining(), payload.remaining());
                payload.put(ahead.slice(ahead.position(), count));
                ahead.position(ahead.position() + count);
            } else if (payload.remaining() < ahead.capacity() / 2) {
                need();
            } else {
                host.beforeRead();
                if (source.read(payload) < 0) {
                    throw cutShort();
                }
                host.arrived();
            }
        }
    }

    private void need() throws IOException {
        if (!ahead.hasRemaining() && !readMore()) {
            throw cutShort();
        }
    }

    /** Adds at least one byte to the buffer; false at the end of the stream. */
    private boolean readMore() throws IOException {
        host.beforeRead();
        ahead.compact();
        try {
            if (source.read(ahead) < 0) {
                return false;
            }
        } finally {
            ahead.flip();
        }
        host.arrived();
        return true;
    }

    private static EOFException cutShort() {
        return new EOFException("the stream ended within a frame");
    }
}
