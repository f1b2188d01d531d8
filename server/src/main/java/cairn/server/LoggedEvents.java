package cairn.server;

import cairn.rpc.RpcEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What connections report, as log lines. */
public final class LoggedEvents implements RpcEvents {
    private static final Logger LOG = LoggerFactory.getLogger("cairn.rpc");

    @Override
    public void connectionRefused(String peer, String why) {
        LOG.warn("connection from {} refused: {}", peer, why);
    }

    @Override
    public void protocolError(String peer, String what) {
        LOG.warn("{} does not speak the protocol and was cut off: {}", peer, what);
    }

    @Override
    public void slowPeer(String peer, String what) {
        LOG.warn("{} was cut off: {}", peer, what);
    }

    @Override
    public void callFailed(String peer, String method, Throwable problem) {
        LOG.error("{} from {} failed", method, peer, problem);
    }
}
