package cairn.server;

import cairn.rpc.RpcEvents;
import cairn.world.Time;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What connections report, as log lines; a flood of them is counted, so that no peer can fill the log. Thread-safe. */
public final class LoggedEvents implements RpcEvents {
    private static final Logger LOG = LoggerFactory.getLogger("cairn.rpc");

    private static final long WINDOW_NANOS = 60_000_000_000L;
    private static final int LINES_MAX = 20;

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private long windowNanos;
    private int lines;

    public LoggedEvents(Time time) {
        this.time = time;
        this.windowNanos = time.nanos();
    }

    @Override
    public void connectionRefused(String peer, String why) {
        if (mayTell()) {
            LOG.warn("connection from {} refused: {}", peer, why);
        }
    }

    @Override
    public void protocolError(String peer, String what) {
        if (mayTell()) {
            LOG.warn("{} does not speak the protocol and was cut off: {}", peer, what);
        }
    }

    @Override
    public void slowPeer(String peer, String what) {
        if (mayTell()) {
            LOG.warn("{} was cut off: {}", peer, what);
        }
    }

    @Override
    public void callFailed(String peer, String method, Throwable problem) {
        LOG.error("{} from {} failed", method, peer, problem);
    }

    private boolean mayTell() {
        lock.lock();
        try {
            long now = time.nanos();
            if (now - windowNanos > WINDOW_NANOS) {
                if (lines > LINES_MAX) {
                    LOG.warn("{} more connections were refused or cut off", lines - LINES_MAX);
                }
                windowNanos = now;
                lines = 0;
            }
            lines++;
            if (lines == LINES_MAX + 1) {
                LOG.warn("more connections are refused or cut off; they are counted for a minute");
            }
            return lines <= LINES_MAX;
        } finally {
            lock.unlock();
        }
    }
}
