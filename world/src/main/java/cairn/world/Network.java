package cairn.world;

import cairn.model.ServerAddress;
import java.io.IOException;

/** Reliable byte streams between processes. Thread-safe. */
public interface Network {

    /** Whether {@code host}, a name or an address, is this host. False when nobody can tell. */
    boolean isHere(String host);

    /**
     * Listens at {@code address}; port 0 takes a free one.
     *
     * @throws IOException naming the address when it is in use or not ours
     */
    Listener listen(ServerAddress address) throws IOException;

    /**
     * Connects, or fails when {@link Time#nanos()} reaches {@code deadlineNanos}.
     *
     * @throws java.net.ConnectException when the host answered that nobody listens: the process is dead
     * @throws IOException for everything else, a deadline included: the process may be alive
     */
    Connection connect(ServerAddress to, long deadlineNanos) throws IOException;
}
