package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
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
import java.util.ArrayDeque;
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
    private final Runnable flushing;
    private final ServerLoad load;
    private final Share payloadShare = new Share();
    private final Share urgentShare = new Share();
    private final Share requestShare = new Share();
    private final Share threadShare = new Share();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger blocking = new AtomicInteger();
    private final long acceptedAtNanos;
    private volatile @Nullable Thread thread;
    private volatile Peer peer;
    private volatile boolean greeted;
    private volatile long arrivedAtNanos;
    private volatile boolean inFrame;
    private volatile long frameSinceNanos;
    private volatile long sentOffAtNanos;
    private volatile boolean sentOff;

    /** Of the frame that is being read: what it takes of {@link ServerLoad#requestBytes}, or why it is refused. */
    private long admittedBytes;

    private @Nullable Refusal refusal;

    /** What was put off until no request is at hand; of the connection's thread. */
    private final ArrayDeque<Runnable> putOff = new ArrayDeque<>();

    private record Refusal(ErrorCode code, String text) {}

    ServerConnection(Endpoint self, Connection connection, RpcService service, ServerLoad load) {
        this.self = self;
        this.connection = connection;
        this.service = service;
        this.load = load;
        this.reader = new FrameReader(connection::read, self.options().readAheadBytes(), this);
        this.sender = new FrameSender(self, connection, e -> close());
        this.flushing = sender::flush;
        this.peer = new Peer(connection.peer(), "", "", 0);
        this.acceptedAtNanos = self.world().time().nanos();
        this.arrivedAtNanos = acceptedAtNanos;
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
            giveBackAdmitted();
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

    /** The peer's address without the port. */
    String host() {
        String address = connection.peer();
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    /** How long it has not said who it is; 0 when it has. */
    long strangeNanos(long nowNanos) {
        return greeted ? 0 : nowNanos - acceptedAtNanos;
    }

    /** How long it has sent nothing, while nothing of it was being worked on; 0 when it is not idle. */
    long idleNanos(long nowNanos) {
        return inFrame || unanswered.get() > 0 ? 0 : nowNanos - arrivedAtNanos;
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
        try {
            while (true) {
                if (sender.crowded()) {
                    doPutOff();
                    sender.awaitRoom();
                }
                FrameReader.Incoming frame = reader.next();
                if (frame == null) {
                    return;
                }
                take(frame);
            }
        } catch (IOException e) {
            doPutOff(); // what came before the end, or before the damage, is as good as ever
            throw e;
        }
    }

    void putOff(Runnable work) {
        if (!putOff.contains(work)) {
            putOff.add(work);
        }
    }

    private void doPutOff() {
        for (Runnable work = putOff.poll(); work != null; work = putOff.poll()) {
            try {
                work.run();
            } catch (RuntimeException e) {
                self.world().witness().met(Probe.CALL_FAILED_INSIDE);
                self.events().callFailed(peer.toString(), "a call put off", e);
            }
        }
    }

    private void take(FrameReader.Incoming frame) throws FrameException {
        FrameHeader header = frame.header();
        Payload payload = frame.payload() == null ? Payload.empty() : frame.payload();
        Method method = Method.of(header.method());
        Refusal refused = refusal;
        if (!isCall(header)) {
            payload.release();
            throw new FrameException(ErrorCode.BAD_REQUEST, "a frame that has no place here: " + header.kind());
        }
        if (refused != null || method == null) {
            refuse(header, refused == null ? unknown(header) : refused);
        } else if (frame.payload() == null) {
            self.world().witness().met(Probe.PAYLOAD_MEMORY_FULL);
            refuse(header, new Refusal(ErrorCode.BUSY, "the server's memory for payloads is full"));
        } else if (method == Method.PING) {
            payload.release();
            giveBackAdmitted();
            sender.hold(
                    Frame.encode(FrameKind.REPLY, header.method(), header.callId(), Empty.getDefaultInstance(), 0),
                    Payload.empty());
        } else {
            Call call =
                    new Call(this, header.callId(), method, new Call.Content(frame.message(), payload, admittedBytes));
            admittedBytes = 0;
            dispatch(call);
        }
    }

    private static boolean isCall(FrameHeader header) {
        return header.kind() == FrameKind.REQUEST && header.callId() != 0 && header.method() != Method.HELLO.number();
    }

    private static Refusal unknown(FrameHeader header) {
        String text = "this server does not know method " + header.method() + ": is it older than its caller?";
        return new Refusal(ErrorCode.BAD_REQUEST, text);
    }

    private void refuse(FrameHeader header, Refusal why) {
        giveBackAdmitted();
        sender.hold(
                Frame.encode(
                        FrameKind.ERROR, header.method(), header.callId(), Call.error(why.code(), why.text(), 0), 0),
                Payload.empty());
    }

    private void giveBackAdmitted() {
        load.requestBytes().give(requestShare, admittedBytes);
        admittedBytes = 0;
    }

    private void dispatch(Call call) {
        if (unanswered.incrementAndGet() > self.options().callsMax()) {
            self.world().witness().met(Probe.TOO_MANY_CALLS);
            call.releasePayload();
            call.fail(ErrorCode.BUSY, "too many calls without an answer on this connection");
        } else if (service.dispatch(call.method()) == Dispatch.INLINE) {
            handle(call);
        } else if (!apart(call, () -> handle(call))) {
            call.releasePayload();
            call.fail(ErrorCode.BUSY, "too many calls that wait are being carried out; try again later");
        }
    }

    /** Runs it on a thread of its own; false when there are too many. */
    private boolean apart(Call call, Runnable body) {
        if (blocking.incrementAndGet() > self.options().blockingCallsMax()
                || !load.threads().tryTake(threadShare, 1)) {
            self.world().witness().met(Probe.TOO_MANY_SLOW_CALLS);
            blocking.decrementAndGet();
            return false;
        }
        self.world().threads().start("rpc " + call.method() + " " + connection.peer(), () -> runApart(body));
        return true;
    }

    private void runApart(Runnable body) {
        try {
            body.run();
        } finally {
            blocking.decrementAndGet();
            load.threads().give(threadShare, 1);
        }
        sender.flush();
    }

    private void handle(Call call) {
        call.handledBy(Thread.currentThread());
        try {
            carryOut(call, () -> service.handle(call));
        } finally {
            call.handledBy(null);
            call.releasePayload();
        }
    }

    private void carryOut(Call call, Call.Work work) {
        try {
            work.run();
        } catch (CairnException e) {
            long detail = e instanceof RpcException refusal ? refusal.detail() : 0;
            failed(call, e, e.code(), String.valueOf(e.getMessage()), detail);
        } catch (IOException | RuntimeException e) {
            self.world().witness().met(Probe.CALL_FAILED_INSIDE);
            self.events().callFailed(peer.toString(), call.method().name(), e);
            failed(call, e, ErrorCode.INTERNAL, "the server failed at " + call.method() + "; its log says why", 0);
        }
    }

    /** Goes on with a call that was not answered; false when there are too many. */
    boolean goOnApart(Call call, Call.Work work) {
        return apart(call, () -> carryOut(call, work));
    }

    private void failed(Call call, Exception problem, ErrorCode code, String text, long detail) {
        if (call.answered()) {
            self.events().callFailed(peer.toString(), call.method().name(), problem);
        } else {
            call.fail(code, text, detail);
        }
    }

    /** A reply that no frame can carry is our mistake, but no reason to stop the process: the caller hears of it. */
    private byte[] apology(Call call, MessageLite message, Payload bytes) {
        self.world().witness().met(Probe.ANSWER_TOO_LARGE);
        String text = "the answer to %s has %d bytes; at most %d can be sent"
                .formatted(call.method(), message.getSerializedSize(), Limits.MESSAGE_BYTES_MAX);
        self.events().callFailed(peer.toString(), call.method().name(), new CairnException(ErrorCode.INTERNAL, text));
        bytes.release();
        return Frame.encode(
                FrameKind.ERROR, call.method().number(), call.id(), Call.error(ErrorCode.INTERNAL, text, 0), 0);
    }

    void answer(Call call, FrameKind kind, MessageLite message, Payload bytes) {
        boolean fits = message.getSerializedSize() <= Limits.MESSAGE_BYTES_MAX;
        Payload payload = fits ? bytes : Payload.empty();
        byte[] head = fits
                ? Frame.encode(kind, call.method().number(), call.id(), message, payload.length())
                : apology(call, message, bytes);
        settled(call);
        Thread now = Thread.currentThread();
        if (now.equals(thread) || call.isHandledBy(now)) {
            sender.hold(head, payload);
        } else if (!sender.enqueue(head, payload)) {
            self.world().witness().met(Probe.ANSWERS_NOT_TAKEN);
            slow("more than " + self.options().sendQueueBytesMax() + " bytes wait for it");
        }
    }

    Runnable answerTogether(Call call, MessageLite message) {
        byte[] head = Frame.encode(FrameKind.REPLY, call.method().number(), call.id(), message, 0);
        settled(call);
        sender.hold(head, Payload.empty());
        return flushing;
    }

    private void settled(Call call) {
        unanswered.decrementAndGet();
        load.requestBytes().give(requestShare, call.admittedBytes());
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
    public void frameBegins() {
        frameSinceNanos = self.world().time().nanos();
        inFrame = true;
    }

    @Override
    public void frameEnds() {
        inFrame = false;
    }

    @Override
    public boolean admit(FrameHeader header) throws FrameException {
        refusal = null;
        if (!greeted) {
            if (header.messageBytes() > MessageLimits.HELLO_BYTES_MAX || header.payloadBytes() > 0) {
                throw new FrameException(
                        ErrorCode.BAD_PROTOCOL,
                        "the first call of a connection must be HELLO, of at most " + MessageLimits.HELLO_BYTES_MAX
                                + " bytes");
            }
            return true;
        }
        if (!isCall(header)) {
            return false; // the end of the connection, if it is whole
        }
        refusal = refusalOf(header, Method.of(header.method()));
        return refusal == null;
    }

    private @Nullable Refusal refusalOf(FrameHeader header, @Nullable Method method) {
        if (method == null) {
            return unknown(header);
        }
        if (header.messageBytes() > MessageLimits.ofRequest(method)
                || header.payloadBytes() > MessageLimits.payloadOfRequest(method)) {
            self.world().witness().met(Probe.REQUEST_TOO_LARGE);
            String text = "%s with %d bytes of message and %d of payload; it may have %d and %d"
                    .formatted(
                            method,
                            header.messageBytes(),
                            header.payloadBytes(),
                            MessageLimits.ofRequest(method),
                            MessageLimits.payloadOfRequest(method));
            return new Refusal(ErrorCode.BAD_REQUEST, text);
        }
        long bytes = header.messageBytes() + ServerLoad.CALL_BYTES;
        if (!load.requestBytes().tryTake(requestShare, bytes)) {
            boolean taken = waiting(deadline -> load.requestBytes().take(requestShare, bytes, deadline));
            if (!taken) {
                self.world().witness().met(Probe.REQUEST_MEMORY_FULL);
                return new Refusal(ErrorCode.BUSY, "the server's memory for requests is full; try again later");
            }
        }
        admittedBytes = bytes;
        return null;
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
        int bytes = header.payloadBytes();
        boolean urgent = service.urgent(method);
        long now = self.world().time().nanos();
        Payload payload = takeFromPool(urgent, bytes, now);
        return payload != null ? payload : waiting(deadline -> takeFromPool(urgent, bytes, deadline));
    }

    private @Nullable Payload takeFromPool(boolean urgent, int bytes, long deadlineNanos) {
        return urgent
                ? self.pool().takeUrgent(urgentShare, bytes, deadlineNanos)
                : self.pool().take(payloadShare, bytes, deadlineNanos);
    }

    /** Something that may have to wait for others. */
    private interface Wait<T> {
        T until(long deadlineNanos);
    }

    /** What is queued for the peer leaves first: it may be what we wait for. The peer's own time stands still meanwhile. */
    private <T extends @Nullable Object> T waiting(Wait<T> wait) {
        boolean own = Thread.currentThread().equals(thread);
        boolean reading = inFrame && own;
        if (reading) {
            frameEnds();
        }
        if (own) {
            doPutOff();
        }
        sender.flush();
        T result = wait.until(self.world().time().nanos() + self.options().poolWaitNanos());
        if (reading) {
            frameBegins();
        }
        return result;
    }

    /** Memory for the payload of an answer to this peer, from its share; null when there is none for it. */
    @Nullable
    Payload room(int bytes) {
        Payload now = self.pool().take(payloadShare, bytes, self.world().time().nanos());
        if (now == null) {
            now = waiting(deadline -> self.pool().take(payloadShare, bytes, deadline));
        }
        if (now == null) {
            self.world().witness().met(Probe.ANSWER_MEMORY_FULL);
        }
        return now;
    }

    @Override
    public void beforeRead() {
        doPutOff();
        sender.flush();
    }

    @Override
    public void arrived() {
        arrivedAtNanos = self.world().time().nanos();
    }

    @Override
    public void look(long nowNanos) {
        String stuck = sender.stuck(nowNanos);
        long patience = self.options().slowPeerNanos();
        if (stuck != null) {
            self.world().witness().met(Probe.CALLER_READS_NOTHING);
            slow(stuck);
        } else if (sentOff) {
            if (nowNanos - sentOffAtNanos > SEND_OFF_NANOS) {
                close();
            }
        } else if (inFrame && nowNanos - frameSinceNanos > patience) {
            self.world().witness().met(Probe.CALLER_STALLED);
            slow("it has begun a frame and not finished it for " + (nowNanos - frameSinceNanos) / 1_000_000 + " ms");
        } else if (strangeNanos(nowNanos) > patience) {
            self.world().witness().met(Probe.CALLER_STRANGE);
            slow("it has not said HELLO for " + strangeNanos(nowNanos) / 1_000_000 + " ms");
        } else if (idleNanos(nowNanos) > IDLE_FACTOR * self.options().idleNanos()) {
            self.world().witness().met(Probe.CALLER_SILENT);
            close();
        }
    }

    private void slow(String what) {
        self.events().slowPeer(peer.toString(), what);
        close();
    }
}
