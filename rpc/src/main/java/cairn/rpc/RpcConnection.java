package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
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
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calling side of a connection. Any number of threads call at once; each sends on its own thread, and one reader
 * thread takes the answers. When the connection breaks, all unanswered calls fail with UNREACHABLE: they may or may not
 * have been carried out. It does not mend: make another one (see {@link RpcPool}).
 */
public final class RpcConnection implements Watch.Watched, Carrier {
    private final Endpoint self;
    private final ServerAddress address;
    private final Connection connection;
    private final FrameSender sender;
    private final FrameReader reader;
    private final Outstanding outstanding;
    private final Watch watch;
    private final boolean ownsWatch;
    private volatile HelloReply hello = HelloReply.getDefaultInstance();
    private volatile String name;

    /** What was put off until no answer is at hand; of the reader thread. */
    private final ArrayDeque<Runnable> putOff = new ArrayDeque<>();

    /** Calls whose makers may send or be answered meanwhile, of a client; servers have work that must not wait for others: nobody. */
    private final IntSupplier others;

    private final Lingering lingering;

    private volatile @Nullable Thread readerThread;
    private volatile long arrivedAtNanos;
    private volatile long pingedAtNanos;
    private volatile boolean pinged;
    private volatile boolean inFrame;
    private volatile long frameSinceNanos;

    private RpcConnection(Endpoint self, ServerAddress address, Connection connection, Watch watch, boolean ownsWatch) {
        this.self = self;
        this.address = address;
        this.connection = connection;
        this.watch = watch;
        this.ownsWatch = ownsWatch;
        this.name = address.toString();
        this.outstanding = new Outstanding(self.world(), self.options());
        this.sender = new FrameSender(self, connection, e -> shut("writing failed", e));
        this.reader = new FrameReader(connection::read, self.options().readAheadBytes(), new ReaderHost());
        this.arrivedAtNanos = self.world().time().nanos();
        this.others = self.hello().get().role().equals(Hello.CLIENT) ? outstanding::size : RpcConnection::nobody;
        this.lingering = new Lingering(self.world().time(), others);
    }

    /**
     * Connects and says HELLO.
     *
     * @throws RpcException UNREACHABLE ({@link RpcException#refused} when nobody listens), or the server's refusal
     */
    public static RpcConnection connect(Endpoint self, ServerAddress to, long deadlineNanos) throws RpcException {
        return connect(self, to, deadlineNanos, new Watch(self.world(), self.options()), true);
    }

    static RpcConnection connect(Endpoint self, ServerAddress to, long deadlineNanos, Watch watch, boolean ownsWatch)
            throws RpcException {
        RpcConnection connection = new RpcConnection(self, to, dial(self, to, deadlineNanos), watch, ownsWatch);
        Pending greeting = new Pending(self.world(), Method.HELLO, to.toString(), null);
        long id = connection.outstanding.addFreely(Method.HELLO, greeting.sink); // first: the server may refuse at once
        self.world().threads().start("rpc to " + to, connection::readAnswers);
        boolean greeted = false;
        try {
            connection.greet(id, greeting, deadlineNanos);
            watch.add(connection); // not before: a PING must not overtake the HELLO of a thread that was held up
            if (connection.closed()) {
                watch.remove(connection);
            }
            greeted = true;
        } finally {
            if (!greeted) {
                connection.close();
            }
        }
        return connection;
    }

    static Connection dial(Endpoint self, ServerAddress to, long deadlineNanos) throws RpcException {
        try {
            return self.world().network().connect(to, deadlineNanos);
        } catch (ConnectException e) {
            self.world().witness().met(Probe.CONNECTION_REFUSED);
            throw RpcException.refused(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            self.world().witness().met(Probe.CONNECTION_FAILED);
            throw RpcException.unreachable(String.valueOf(e.getMessage()), e);
        }
    }

    private void greet(long id, Pending pending, long deadlineNanos) throws RpcException {
        Hello mine = self.hello().get();
        sender.send(
                Frame.encode(FrameKind.REQUEST, Method.HELLO.number(), id, Greeting.request(mine), 0),
                Payload.empty(),
                RpcConnection::nobody);
        Reply<HelloReply> reply = pending.await(HelloReply.parser(), deadlineNanos);
        reply.release();
        try {
            Greeting.check(mine, reply.message(), name);
        } catch (CairnException e) {
            throw new RpcException(e.code(), String.valueOf(e.getMessage()), 0);
        }
        hello = reply.message();
        name = hello.getRole().isEmpty() ? address.toString() : hello.getRole() + " " + address;
    }

    private static int nobody() {
        return 0;
    }

    /** What the server said about itself. */
    public HelloReply hello() {
        return hello;
    }

    public ServerAddress address() {
        return address;
    }

    public Pending call(Method method, MessageLite message) throws RpcException {
        return call(method, message, Payload.empty());
    }

    /**
     * Sends on this thread: blocks while the peer does not read, or while too much is unanswered (see {@link
     * RpcOptions}). The payload's ownership passes in any case.
     */
    public Pending call(Method method, MessageLite message, Payload payload) throws RpcException {
        Pending pending = new Pending(self.world(), method, name, method.isAnsweredFromMemory() ? lingering : null);
        send(method, message, payload, pending.sink);
        return pending;
    }

    /**
     * As {@link #call}; on this connection's reader thread (inside a handler) it never blocks, but may be refused with
     * BUSY. When this throws, the handler is never called; otherwise exactly once.
     */
    public <M extends MessageLite> void callAsync(
            Method method, MessageLite message, Payload payload, Parser<M> parser, ReplyHandler<M> handler)
            throws RpcException {
        send(method, message, payload, new ReplySink.Handled<>(method, parser, handler));
    }

    private void send(Method method, MessageLite message, Payload payload, ReplySink sink) throws RpcException {
        boolean mayBlock = !Thread.currentThread().equals(readerThread);
        byte[] head;
        boolean admitted = false;
        try {
            if (message.getSerializedSize() > Limits.MESSAGE_BYTES_MAX) {
                String text = method + " with a message of " + message.getSerializedSize() + " bytes; the limit is "
                        + Limits.MESSAGE_BYTES_MAX;
                throw new RpcException(ErrorCode.BAD_REQUEST, text, 0);
            }
            Outstanding.Sent sent =
                    new Outstanding.Sent(method, payload.length(), MessageLimits.payloadOfReply(method, message));
            long id = outstanding.add(sent, sink, name, mayBlock);
            head = Frame.encode(FrameKind.REQUEST, method.number(), id, message, payload.length());
            admitted = true;
        } finally {
            if (!admitted) {
                payload.release();
            }
        }
        if (mayBlock) {
            sender.send(head, payload, others);
        } else if (!sender.enqueue(head, payload)) {
            self.world().witness().met(Probe.CALLS_NOT_TAKEN);
            slow("more than " + self.options().sendQueueBytesMax() + " bytes wait for it");
        }
    }

    @Override
    public boolean closed() {
        return outstanding.closed();
    }

    /** Unanswered calls fail, on the reader thread. */
    public void close() {
        shut("this side closed it", null);
    }

    /** Nanoseconds for which no call was unanswered. */
    long idleNanos(long nowNanos) {
        return outstanding.idleNanos(nowNanos);
    }

    @Override
    public long owedNanos(long nowNanos) {
        return Math.min(outstanding.waitingNanos(nowNanos), nowNanos - arrivedAtNanos);
    }

    @Override
    public long quietNanos(long nowNanos) {
        return nowNanos - arrivedAtNanos;
    }

    @Override
    public void giveUp(String what) {
        slow(what);
    }

    private void shut(String why, @Nullable IOException cause) {
        shut(RpcException.unreachable(lost(why), cause));
    }

    private String lost(String why) {
        return "the connection to " + name + " is lost: " + why;
    }

    private void shut(RpcException reason) {
        outstanding.close(reason);
        connection.close();
        sender.close();
    }

    private void readAnswers() {
        readerThread = Thread.currentThread();
        try {
            while (take(reader.next())) {
                // one frame after the other
            }
        } catch (CairnException e) {
            self.world().witness().met(Probe.ANSWER_MALFORMED);
            self.events().protocolError(name, String.valueOf(e.getMessage()));
            shut(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            self.world().witness().met(Probe.CONNECTION_BROKEN);
            shut(String.valueOf(e.getMessage()), e);
        } finally {
            close();
            outstanding.failAll();
            watch.remove(this);
            if (ownsWatch) {
                watch.close();
            }
            doPutOff();
        }
    }

    private void doPutOff() {
        for (Runnable work = putOff.poll(); work != null; work = putOff.poll()) {
            work.run();
        }
    }

    private boolean take(FrameReader.@Nullable Incoming frame) throws CairnException {
        if (frame == null) {
            self.world().witness().met(Probe.CONNECTION_CLOSED_BY_SERVER);
            shut("the peer closed it", null);
            return false;
        }
        Payload payload = frame.payload() == null ? Payload.empty() : frame.payload();
        FrameKind kind = frame.header().kind();
        if (kind == FrameKind.ERROR && frame.header().callId() == 0) {
            turnedAway(frame.message());
            return false;
        }
        ReplySink sink = kind == FrameKind.REQUEST
                ? null
                : outstanding.remove(frame.header().callId());
        if (sink == null) {
            payload.release();
            throw new CairnException(ErrorCode.BAD_PROTOCOL, "it sent a frame that answers nothing: " + kind);
        }
        try {
            sink.arrived(kind, frame.message(), payload);
            Runnable later = sink.whenNoMoreAtHand();
            if (later != null && !putOff.contains(later)) {
                putOff.add(later);
            }
        } catch (RuntimeException e) {
            String method = String.valueOf(Method.of(frame.header().method()));
            self.events().callFailed(name, method, e); // the handler's mistake, not the connection's
        }
        return true;
    }

    /** The server says why it closes the connection. */
    private void turnedAway(byte[] message) {
        try {
            ReplySink.parse(Method.HELLO, FrameKind.ERROR, message, Payload.empty(), Empty.parser());
        } catch (RpcException e) {
            self.world().witness().met(Probe.TURNED_AWAY);
            outstanding.turnedAway(e);
            shut(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void look(long nowNanos) {
        String stuck = sender.stuck(nowNanos);
        if (stuck != null) {
            self.world().witness().met(Probe.SERVER_READS_NOTHING);
            slow(stuck);
            return;
        }
        if (inFrame && nowNanos - frameSinceNanos > self.options().slowPeerNanos()) {
            self.world().witness().met(Probe.SERVER_STALLED);
            slow("it has begun an answer and not finished it for " + (nowNanos - frameSinceNanos) / 1_000_000 + " ms");
            return;
        }
        long limit = self.options().pingAfterNanos();
        if (pinged && arrivedAtNanos - pingedAtNanos >= 0) {
            pinged = false;
        }
        if (pinged) {
            if (nowNanos - pingedAtNanos > limit) {
                self.world().witness().met(Probe.PING_UNANSWERED);
                slow("it has answered nothing for " + (nowNanos - arrivedAtNanos) / 1_000_000 + " ms, no ping either");
            }
        } else if (outstanding.waitingNanos(nowNanos) > limit && nowNanos - arrivedAtNanos > limit) {
            ping(nowNanos);
        }
    }

    private void ping(long nowNanos) {
        pingedAtNanos = nowNanos;
        pinged = true;
        long id = outstanding.addFreely(Method.PING, ReplySink.NOBODY);
        sender.enqueue(
                Frame.encode(FrameKind.REQUEST, Method.PING.number(), id, Empty.getDefaultInstance(), 0),
                Payload.empty());
    }

    private void slow(String what) {
        if (!closed()) {
            self.events().slowPeer(name, what);
        }
        shut(RpcException.silent(lost(what)));
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * Answers were asked for, with at most so many bytes: their memory is never refused, or one full pool would stop every
     * call behind it. What was not asked for gets none.
     */
    private final class ReaderHost implements FrameReader.Host {
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
            boolean lastWords = header.kind() == FrameKind.ERROR && header.callId() == 0 && header.payloadBytes() == 0;
            String fault = lastWords ? "" : outstanding.fault(header);
            if (!fault.isEmpty()) {
                self.world().witness().met(Probe.ANSWER_UNASKED);
                throw new FrameException(ErrorCode.BAD_PROTOCOL, fault);
            }
            return true;
        }

        @Override
        public Payload take(FrameHeader header) {
            return self.pool().takeNow(header.payloadBytes());
        }

        @Override
        public void beforeRead() {
            doPutOff();
        }

        @Override
        public void arrived() {
            arrivedAtNanos = self.world().time().nanos();
        }
    }
}
