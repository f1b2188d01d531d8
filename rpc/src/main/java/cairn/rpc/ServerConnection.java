package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
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
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The serving side of a connection: reads requests on its own thread and hands them to the service. Answers may come
 * from any thread. What is wrong with this peer ends here and concerns no other connection.
 */
final class ServerConnection implements FrameReader.Host, Watch.Watched {
    /** How long a peer that was cut off has for reading why. */
    private static final long SEND_OFF_NANOS = 2_000_000_000L;

    /** Servers close silent connections so many times later than callers, who thereby never race with it. */
    private static final int IDLE_FACTOR = 10;

    private final Endpoint self;
    private final Connection connection;
    private final RpcService service;
    private final FrameReader reader;
    private final FrameSender sender;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger blocking = new AtomicInteger();
    private volatile @Nullable Thread thread;
    private volatile Peer peer;
    private volatile boolean greeted;
    private volatile long arrivedAtNanos;
    private volatile long sentOffAtNanos;
    private volatile boolean sentOff;

    ServerConnection(Endpoint self, Connection connection, RpcService service) {
        this.self = self;
        this.connection = connection;
        this.service = service;
        this.reader = new FrameReader(connection, self.options().readAheadBytes(), this);
        this.sender = new FrameSender(self, connection, e -> close());
        this.peer = new Peer(connection.peer(), "", "", 0);
        this.arrivedAtNanos = self.world().time().nanos();
    }

    Peer peer() {
        return peer;
    }

    /** The connection's thread, until the peer or we have enough. */
    void converse() {
        thread = Thread.currentThread();
        try {
            FrameReader.Incoming first = reader.next();
            if (first != null) {
                greet(first);
                greeted = true;
                serve();
            }
        } catch (FrameException e) {
            self.world().witness().met(Probe.REQUEST_MALFORMED);
            cutOff(e.code(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            self.world().witness().met(Probe.CALLER_GONE); // it knows, and nobody else needs to
        } finally {
            close();
        }
    }

    /** The connection's thread when there are too many: says so and goes. */
    void refuse(String why) {
        thread = Thread.currentThread();
        try {
            sendOff(ErrorCode.BUSY, why);
        } finally {
            close();
        }
    }

    void close() {
        connection.close();
        sender.close();
    }

    private void greet(FrameReader.Incoming first) throws FrameException {
        FrameHeader header = first.header();
        peer = Greeting.accept(self.hello().get(), connection.peer(), header, first.message());
        HelloReply reply = Greeting.reply(self.hello().get());
        sender.hold(Frame.encode(FrameKind.REPLY, header.method(), header.callId(), reply, 0), Payload.empty());
    }

    private void serve() throws IOException {
        while (true) {
            sender.awaitRoom();
            FrameReader.Incoming frame = reader.next();
            if (frame == null) {
                return;
            }
            take(frame);
        }
    }

    private void take(FrameReader.Incoming frame) throws FrameException {
        FrameHeader header = frame.header();
        Payload payload = frame.payload() == null ? Payload.empty() : frame.payload();
        Method method = Method.of(header.method());
        boolean isCall = header.kind() == FrameKind.REQUEST && header.callId() != 0 && method != Method.HELLO;
        if (!isCall) {
            payload.release();
            throw new FrameException(ErrorCode.BAD_REQUEST, "a frame that has no place here: " + header.kind());
        }
        if (method == null) {
            payload.release();
            String text = "this server does not know method " + header.method() + ": is it older than its caller?";
            answerError(header, ErrorCode.BAD_REQUEST, text);
        } else if (frame.payload() == null) {
            self.world().witness().met(Probe.PAYLOAD_MEMORY_FULL);
            answerError(header, ErrorCode.BUSY, "the server's memory for payloads is full");
        } else if (method == Method.PING) {
            payload.release();
            sender.hold(
                    Frame.encode(FrameKind.REPLY, header.method(), header.callId(), Empty.getDefaultInstance(), 0),
                    Payload.empty());
        } else {
            dispatch(new Call(this, method, header.callId(), frame.message(), payload));
        }
    }

    private void dispatch(Call call) {
        if (unanswered.incrementAndGet() > self.options().callsMax()) {
            self.world().witness().met(Probe.TOO_MANY_CALLS);
            call.releasePayload();
            call.fail(ErrorCode.BUSY, "too many calls without an answer on this connection");
        } else if (service.dispatch(call.method()) == Dispatch.INLINE) {
            handle(call);
        } else if (blocking.incrementAndGet() > self.options().blockingCallsMax()) {
            blocking.decrementAndGet();
            self.world().witness().met(Probe.TOO_MANY_SLOW_CALLS);
            call.releasePayload();
            call.fail(ErrorCode.BUSY, "too many calls of this connection are being carried out");
        } else {
            self.world().threads().start("rpc " + call.method() + " " + connection.peer(), () -> handleApart(call));
        }
    }

    private void handleApart(Call call) {
        try {
            handle(call);
        } finally {
            blocking.decrementAndGet();
        }
        sender.flush();
    }

    private void handle(Call call) {
        call.handledBy(Thread.currentThread());
        try {
            service.handle(call);
        } catch (CairnException e) {
            long detail = e instanceof RpcException refusal ? refusal.detail() : 0;
            failed(call, e, e.code(), String.valueOf(e.getMessage()), detail);
        } catch (IOException | RuntimeException e) {
            self.world().witness().met(Probe.CALL_FAILED_INSIDE);
            self.events().callFailed(peer.toString(), call.method().name(), e);
            failed(call, e, ErrorCode.INTERNAL, "the server failed at " + call.method() + "; its log says why", 0);
        } finally {
            call.handledBy(null);
            call.releasePayload();
        }
    }

    private void failed(Call call, Exception problem, ErrorCode code, String text, long detail) {
        if (call.answered()) {
            self.events().callFailed(peer.toString(), call.method().name(), problem);
        } else {
            call.fail(code, text, detail);
        }
    }

    void answer(Call call, FrameKind kind, MessageLite message, Payload payload) {
        byte[] head = Frame.encode(kind, call.method().number(), call.id(), message, payload.length());
        unanswered.decrementAndGet();
        Thread now = Thread.currentThread();
        if (now.equals(thread) || call.isHandledBy(now)) {
            sender.hold(head, payload);
        } else if (!sender.enqueue(head, payload)) {
            self.world().witness().met(Probe.ANSWERS_NOT_TAKEN);
            slow("more than " + self.options().sendQueueBytesMax() + " bytes wait for it");
        }
    }

    private void answerError(FrameHeader header, ErrorCode code, String text) {
        sender.hold(
                Frame.encode(FrameKind.ERROR, header.method(), header.callId(), Call.error(code, text, 0), 0),
                Payload.empty());
    }

    private void cutOff(ErrorCode code, String what) {
        self.events().protocolError(peer.toString(), what);
        sendOff(code, what);
    }

    /** Says why, then reads what still comes: closing at once would reset the connection and lose the last words. */
    private void sendOff(ErrorCode code, String why) {
        sentOffAtNanos = self.world().time().nanos();
        sentOff = true;
        sender.hold(Frame.encode(FrameKind.ERROR, 0, 0, Call.error(code, why, 0), 0), Payload.empty());
        try {
            reader.drain();
        } catch (IOException e) {
            // it did not want to know
        }
    }

    @Override
    public @Nullable Payload take(FrameHeader header) {
        if (header.payloadBytes() == 0) {
            return Payload.empty();
        }
        Method method = Method.of(header.method());
        if (!greeted || method == null) {
            return null;
        }
        if (service.urgent(method)) {
            return self.pool().takeNow(header.payloadBytes());
        }
        long now = self.world().time().nanos();
        Payload payload = self.pool().take(header.payloadBytes(), now);
        if (payload == null) {
            sender.flush();
            payload =
                    self.pool().take(header.payloadBytes(), now + self.options().poolWaitNanos());
        }
        return payload;
    }

    @Override
    public void beforeRead() {
        sender.flush();
    }

    @Override
    public void arrived() {
        arrivedAtNanos = self.world().time().nanos();
    }

    @Override
    public void look(long nowNanos) {
        String stuck = sender.stuck(nowNanos);
        long silent = nowNanos - arrivedAtNanos;
        if (stuck != null) {
            self.world().witness().met(Probe.CALLER_READS_NOTHING);
            slow(stuck);
        } else if (sentOff ? nowNanos - sentOffAtNanos > SEND_OFF_NANOS : silent > silenceMax()) {
            self.world().witness().met(Probe.CALLER_SILENT);
            close();
        }
    }

    private long silenceMax() {
        if (!greeted) {
            return self.options().slowPeerNanos();
        }
        return unanswered.get() > 0
                ? Long.MAX_VALUE
                : IDLE_FACTOR * self.options().idleNanos();
    }

    private void slow(String what) {
        self.events().slowPeer(peer.toString(), what);
        close();
    }
}
