package cairn.rpc;

import cairn.model.ServerAddress;
import cairn.world.Listener;

/** Serves a listener: one thread for each connection. */
public final class RpcServer {

    private RpcServer() {}

    /** Starts to accept on a thread of its own. */
    public static RpcServer start(Endpoint self, Listener listener, RpcService service) {
        throw new UnsupportedOperationException();
    }

    public ServerAddress address() {
        throw new UnsupportedOperationException();
    }

    /** Connections being served now. */
    public int connections() {
        throw new UnsupportedOperationException();
    }

    /** Stops accepting and cuts all connections. Handlers that run go on; their answers are dropped. */
    public void close() {
        throw new UnsupportedOperationException();
    }
}
