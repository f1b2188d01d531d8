package cairn.simulation;

import cairn.world.Connection;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import org.jspecify.annotations.Nullable;

/** One end of a connection, in the hands of one life. */
final class SimConnection implements Connection {

    private static final ByteBuffer END = ByteBuffer.allocate(0);
    private static final long NEVER = Long.MAX_VALUE;

    private final Links links;
    private final Life life;
    private final int id;
    private final String peer;
    private final SimConnection other;
    private final Pipe in;
    private final Pipe out;
    private boolean closed;
    private boolean silent;
    private @Nullable String broken;
    private @Nullable Ghost ghost;

    /** The connecting end, and with it the {@link #other} one. */
    SimConnection(Links links, Life client, Life server, String clientName, String serverName) {
        this.links = links;
        this.life = client;
        this.id = links.nextId();
        this.peer = serverName;
        this.other = new SimConnection(this, server, clientName);
        this.in = other.out;
        this.out = other.in;
        client.opened(this);
        server.opened(other);
    }

    private SimConnection(SimConnection client, Life server, String clientName) {
        this.links = client.links;
        this.life = server;
        this.id = client.id;
        this.peer = clientName;
        this.other = client;
        this.in = new Pipe(links, client, this);
        this.out = new Pipe(links, this, client);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return read(into, NEVER);
    }

    @Override
    public int read(ByteBuffer into, long deadlineNanos) throws IOException {
        SimThread me = life.enter();
        links.scheduler().yieldNow();
        while (true) {
            checkOpen();
            if (!into.hasRemaining()) {
                return 0;
            }
            if (in.hasArrived()) {
                return in.take(into, readLimit(into.remaining()));
            }
            if (in.hasEnded()) {
                return -1;
            }
            checkWhole();
            if (deadlineNanos == NEVER) {
                in.readers().park(me);
            } else if (life.node().clock().nanos() < deadlineNanos) {
                parkUntil(me, deadlineNanos);
            } else {
                return 0;
            }
        }
    }

    private void parkUntil(SimThread me, long deadlineNanos) {
        Timers timers = links.scheduler().timers();
        Timers.Timer timer = timers.at(life.node().clock().worldNanosAt(deadlineNanos), me::wake);
        in.readers().park(me);
        timers.cancel(timer);
    }

    private int readLimit(int wanted) {
        SimRandom random = links.random();
        return random.chance(links.options().shortReadRate()) ? 1 + random.below(wanted) : wanted;
    }

    @Override
    public void write(ByteBuffer... from) throws IOException {
        SimThread me = life.enter();
        links.scheduler().yieldNow();
        checkOpen();
        checkWhole();
        if (links.random().chance(links.options().vanishRate())) {
            vanish();
        }
        long untilCut = drawCut(from);
        for (ByteBuffer buffer : from) {
            while (buffer.hasRemaining()) {
                untilCut -= writeSome(me, buffer, untilCut);
            }
        }
    }

    /** How many bytes this write may move before the connection is cut; more than it has when it is not. */
    private long drawCut(ByteBuffer... from) {
        SimRandom random = links.random();
        if (!random.chance(links.options().cutRate())) {
            return Long.MAX_VALUE;
        }
        long total = 0;
        for (ByteBuffer buffer : from) {
            total += buffer.remaining();
        }
        return total == 0 ? 0 : random.between(0, total - 1);
    }

    private int writeSome(SimThread me, ByteBuffer buffer, long untilCut) throws IOException {
        if (untilCut == 0) {
            links.faults().note(Fault.CUT);
            cut();
            throw new InjectedFault(this + ": connection cut (injected)");
        }
        while (out.free() == 0) {
            out.writers().park(me);
            checkOpen();
            checkWhole();
        }
        int most = (int) Math.min(Math.min(buffer.remaining(), out.free()), untilCut);
        int length = links.random().chance(links.options().splitRate())
                ? 1 + links.random().below(most)
                : most;
        ByteBuffer copy = ByteBuffer.allocate(length);
        copy.put(0, buffer, buffer.position(), length);
        buffer.position(buffer.position() + length);
        links.note(this, "sends", length);
        if (ghost != null) {
            ghost.record(copy);
        }
        out.send(copy);
        return length;
    }

    /** Both ends believe that they are connected, and nothing arrives at either: a half-open connection of the worst kind. */
    private void vanish() {
        links.note(this, "is swallowed", 0);
        links.faults().note(Fault.HALF_OPEN);
        in.swallow();
        out.swallow();
    }

    /** What is written here from now on may come once more, from nowhere. */
    void haunt(Ghost recorder) {
        ghost = recorder;
    }

    /** Sends what another connection sent, lets answers fall, and ends. Of a connection that no process holds. */
    void replay(ByteBuffer bytes, long lingerNanos) {
        in.drain();
        if (bytes.hasRemaining()) {
            links.note(this, "haunts with", bytes.remaining());
            out.send(bytes);
        }
        links.after(lingerNanos, this::close);
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new AsynchronousCloseException();
        }
    }

    private void checkWhole() throws IOException {
        if (broken != null) {
            throw new SocketException(this + ": " + broken);
        }
    }

    /** Something between the hosts gives up on this connection: each end learns it in its own time. */
    void cut() {
        links.note(this, "is cut", 0);
        breakWith("connection cut (injected)");
        links.after(links.delayNanos(), () -> other.breakWith("connection cut (injected)"));
    }

    /** From now on this end is of no use; what had arrived may still be read, or not. */
    void breakWith(String reason) {
        if (closed || broken != null) {
            return;
        }
        links.note(this, "breaks: " + reason, 0);
        broken = reason;
        if (links.random().coin()) {
            in.loseArrived();
        }
        if (links.random().coin()) {
            out.loseFlying();
        }
        in.stopReceiving();
        wakeAll();
    }

    @Override
    public void close() {
        if (closed || !life.isAlive()) {
            return;
        }
        closed = true;
        life.closed(this);
        finish(in.deafen());
        wakeAll();
    }

    /** The process is gone. Its kernel says goodbye, unless that is gone too. */
    void abandon(boolean powerLost) {
        life.closed(this);
        boolean unread = in.deafen();
        if (powerLost) {
            silent = true;
            if (links.random().coin()) {
                out.loseFlying();
            }
        } else if (!closed) {
            finish(unread || links.random().coin());
        }
        closed = true;
    }

    private void finish(boolean abruptly) {
        if (broken != null) {
            return;
        }
        if (abruptly) {
            if (links.random().coin()) {
                out.loseFlying();
            }
            if (!out.isSwallowed()) {
                links.reset(host(), other, "Connection reset by peer");
            }
        } else {
            out.send(END);
        }
    }

    private void wakeAll() {
        in.wakeAll();
        out.wakeAll();
    }

    SimConnection other() {
        return other;
    }

    SimNode host() {
        return life.node();
    }

    /** Whether this end's host lost its power: nothing is retransmitted from there. */
    boolean isSilent() {
        return silent;
    }

    int id() {
        return id;
    }

    @Override
    public String peer() {
        return peer;
    }

    /** The same in every JVM: servers keep connections in hash sets, and close them in the order of those. */
    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return this == object;
    }

    @Override
    public String toString() {
        return host() + "-" + peer;
    }
}
