package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.Frame;
import cairn.wire.FrameException;
import cairn.wire.FrameHeader;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.wire.proto.HelloReply;
import cairn.world.Connection;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calling side of a connection that one thread has for itself: it sends calls ahead, takes the answers off the socket itself,
 * in the order of the calls, and has the payloads put where it wants them (docs/decisions/0015). No other thread is woken and
 * nothing is copied. What it does not take waits at the server and in the buffers of TCP, so few bytes should be asked for.
 *
 * <p>Had from {@link RpcStreams} and given back there. One thread at a time, but {@link #close} and what a {@link Carrier} does.
 * After an exception that is no refusal by the server it is closed.
 */
public final class RpcStream implements Carrier {

    /** Headers and messages are small; all that comes behind them goes to where it is wanted. */
    private static final int READ_AHEAD_BYTES = 4 << 10;

    /** How long its user is ready to wait. Asked anew before each read. */
    public interface Waiting {
        long untilNanos();

        /** Nothing came until then. False: it has waited long enough. */
        boolean late();
    }

    /**
     * The beginning of an answer.
     *
     * @param payload what came before its turn, to be released; null: it is received next
     * @param payloadBytes to be received
     */
    public record Answer<M>(M message, @Nullable Payload payload, int payloadBytes) {}

    private record Asked(Method method, int replyPayloadMax) {}

    /** What came before its turn: a server may have to ask another one first, and answers later calls meanwhile. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Early(Method method, FrameKind kind, byte[] message, Payload payload) {}

    private final Endpoint self;
    private final ServerAddress address;
    private final Connection connection;
    private final FrameReader reader;
    private final Map<Long, Asked> unanswered = new LinkedHashMap<>();
    private final Map<Long, Early> early = new LinkedHashMap<>();
    private Waiting waiting = new Until(0);
    private long lastId;
    private int payloadLeft;
    private volatile boolean closed;
    private volatile @Nullable RpcException givenUp;
    private volatile boolean inWait;
    private volatile long waitSinceNanos;
    private volatile long arrivedAtNanos;
    private volatile long usedAtNanos;

    private RpcStream(Endpoint self, ServerAddress address, Connection connection) {
        this.self = self;
        this.address = address;
        this.connection = connection;
        this.reader = new FrameReader(this::read, READ_AHEAD_BYTES, new Host());
        this.arrivedAtNanos = self.world().time().nanos();
        this.usedAtNanos = arrivedAtNanos;
    }

    /** Connects and says HELLO. */
    static RpcStream connect(Endpoint self, ServerAddress to, long deadlineNanos) throws RpcException {
        RpcStream stream = new RpcStream(self, to, RpcConnection.dial(self, to, deadlineNanos));
        boolean greeted = false;
        try {
            stream.greet(new Until(deadlineNanos));
            greeted = true;
        } finally {
            if (!greeted) {
                stream.close();
            }
        }
        return stream;
    }

    /** Waits until then and no longer. */
    private record Until(long untilNanos) implements Waiting {
        @Override
        public boolean late() {
            return false;
        }
    }

    private void greet(Waiting patience) throws RpcException {
        Hello mine = self.hello().get();
        long call = send(Method.HELLO, Greeting.request(mine), 0);
        HelloReply reply = await(call, HelloReply.parser(), patience).message();
        try {
            Greeting.check(mine, reply, address.toString());
        } catch (CairnException e) {
            throw new RpcException(e.code(), String.valueOf(e.getMessage()), 0);
        }
    }

    public ServerAddress address() {
        return address;
    }

    /** Sends a call and returns its number. The answer must be awaited, or the stream closed. */
    public long call(Method method, MessageLite message) throws RpcException {
        return send(method, message, MessageLimits.payloadOfReply(method, message));
    }

    private long send(Method method, MessageLite message, int replyPayloadMax) throws RpcException {
        long id = ++lastId;
        unanswered.put(id, new Asked(method, replyPayloadMax));
        usedAtNanos = self.world().time().nanos();
        try {
            connection.write(ByteBuffer.wrap(Frame.encode(FrameKind.REQUEST, method.number(), id, message, 0)));
        } catch (IOException e) {
            throw broken(e);
        }
        return id;
    }

    /**
     * Waits for the answer to a call. The payload of the one before has been received.
     *
     * @throws RpcException the server's refusal; or UNREACHABLE, and the stream is closed
     */
    public <M extends MessageLite> Answer<M> await(long call, Parser<M> parser, Waiting patience) throws RpcException {
        while (!early.containsKey(call)) {
            FrameReader.Head head = head(patience);
            Asked asked = unanswered.remove(head.header().callId());
            if (asked == null) {
                throw turnedAway(head);
            }
            FrameKind kind = head.header().kind();
            payloadLeft = head.header().payloadBytes();
            if (head.header().callId() == call) {
                return new Answer<>(parsed(asked.method(), kind, head.message(), parser), null, payloadLeft);
            }
            Payload payload = self.pool().takeNow(payloadLeft);
            early.put(head.header().callId(), new Early(asked.method(), kind, head.message(), payload));
            receive(payload.buffer(), patience);
        }
        Early found = early.remove(call);
        Reply<M> reply = ReplySink.parse(found.method(), found.kind(), found.message(), found.payload(), parser);
        return new Answer<>(reply.message(), reply.payload(), 0);
    }

    private <M extends MessageLite> M parsed(Method method, FrameKind kind, byte[] message, Parser<M> parser)
            throws RpcException {
        boolean good = kind != FrameKind.REPLY;
        try {
            M parsed = ReplySink.parse(method, kind, message, Payload.empty(), parser)
                    .message();
            good = true;
            return parsed;
        } finally {
            if (!good) {
                close(); // nobody will take its payload
            }
        }
    }

    private FrameReader.Head head(Waiting patience) throws RpcException {
        FrameReader.Head head;
        boolean whole = false;
        begin(patience);
        try {
            head = reader.head();
            whole = true;
        } catch (IOException e) {
            throw broken(e);
        } finally {
            end(whole);
        }
        if (head == null) {
            self.world().witness().met(Probe.CONNECTION_CLOSED_BY_SERVER);
            close();
            throw RpcException.unreachable("the connection to " + address + " is lost: the peer closed it", null);
        }
        return head;
    }

    /** Fills {@code into} with the next bytes of the payload of the answer that was awaited last. */
    public void receive(ByteBuffer into, Waiting patience) throws RpcException {
        int bytes = into.remaining();
        boolean whole = false;
        begin(patience);
        try {
            reader.fill(into);
            payloadLeft -= bytes;
            whole = true;
        } catch (IOException e) {
            throw broken(e);
        } finally {
            end(whole);
        }
    }

    private void begin(Waiting patience) {
        waiting = patience;
        waitSinceNanos = self.world().time().nanos();
        inWait = true;
    }

    /** Whatever has kept it from being whole: where the next answer begins is not known any more. */
    private void end(boolean whole) {
        if (!whole) {
            close();
        }
        usedAtNanos = self.world().time().nanos();
        inWait = false;
    }

    /** Somebody has it for himself from now on. */
    void taken() {
        usedAtNanos = self.world().time().nanos();
    }

    /** What the reader of frames reads. */
    private int read(ByteBuffer into) throws IOException {
        while (true) {
            int count = connection.read(into, waiting.untilNanos());
            if (count != 0) {
                arrivedAtNanos = self.world().time().nanos();
                return count;
            }
            if (!waiting.late()) {
                self.world().witness().met(Probe.ANSWER_OVERDUE);
                throw RpcException.unreachable(address + " has not answered within the deadline", null);
            }
        }
    }

    /** Closes, and says why. */
    private RpcException broken(IOException e) {
        boolean ours = closed;
        close();
        RpcException why = givenUp;
        if (why != null) {
            return why.again();
        }
        if (e instanceof RpcException known) {
            return known;
        }
        boolean malformed = e instanceof CairnException;
        if (malformed) {
            self.events().protocolError(address.toString(), String.valueOf(e.getMessage()));
        }
        if (!ours) {
            self.world().witness().met(malformed ? Probe.ANSWER_MALFORMED : Probe.CONNECTION_BROKEN);
        }
        return RpcException.unreachable("the connection to " + address + " is lost: " + e.getMessage(), e);
    }

    /** The server says why it closes the connection. */
    private RpcException turnedAway(FrameReader.Head head) {
        close();
        try {
            ReplySink.parse(Method.HELLO, head.header().kind(), head.message(), Payload.empty(), Empty.parser());
            return RpcException.unreachable(address + " closed the connection", null);
        } catch (RpcException e) {
            self.world().witness().met(Probe.TURNED_AWAY);
            return e;
        }
    }

    /** Whether all that was asked for has been received. */
    boolean isClear() {
        return !closed && payloadLeft == 0 && unanswered.isEmpty() && early.isEmpty();
    }

    /** By its user: it is closed, and what it holds given back. */
    void discard() {
        close();
        early.values().forEach(answer -> answer.payload().release());
        early.clear();
    }

    /** From any thread: whoever waits for an answer gets an exception. */
    public void close() {
        closed = true;
        connection.close();
    }

    @Override
    public boolean closed() {
        return closed;
    }

    @Override
    public long owedNanos(long nowNanos) {
        return inWait ? Math.min(nowNanos - waitSinceNanos, quietNanos(nowNanos)) : 0;
    }

    @Override
    public long quietNanos(long nowNanos) {
        return nowNanos - arrivedAtNanos;
    }

    /** Nanoseconds for which nobody has used it; 0 while somebody waits. */
    long idleNanos(long nowNanos) {
        return inWait ? 0 : nowNanos - usedAtNanos;
    }

    @Override
    public void giveUp(String what) {
        if (!closed) {
            self.events().slowPeer(address.toString(), what);
            givenUp = RpcException.silent("the connection to " + address + " is lost: " + what);
        }
        close();
    }

    @Override
    public String toString() {
        return "stream from " + address;
    }

    /** As that of {@link RpcConnection}: what was not asked for ends the connection. */
    private final class Host implements FrameReader.Host {
        @Override
        public void frameBegins() {}

        @Override
        public void frameEnds() {}

        @Override
        public boolean admit(FrameHeader header) throws FrameException {
            boolean lastWords = header.kind() == FrameKind.ERROR && header.callId() == 0 && header.payloadBytes() == 0;
            Asked asked = unanswered.get(header.callId());
            String fault = asked == null
                    ? Outstanding.fault(header, null, 0)
                    : Outstanding.fault(header, asked.method(), asked.replyPayloadMax());
            if (!lastWords && !fault.isEmpty()) {
                self.world().witness().met(Probe.ANSWER_UNASKED);
                throw new FrameException(ErrorCode.BAD_PROTOCOL, fault);
            }
            return true;
        }

        @Override
        public @Nullable Payload take(FrameHeader header) {
            return null;
        }

        @Override
        public void beforeRead() {}

        @Override
        public void arrived() {}
    }
}
