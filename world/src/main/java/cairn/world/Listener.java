package cairn.world;

import cairn.model.ServerAddress;
import java.io.Closeable;
import java.io.IOException;

/** A listening socket. */
public interface Listener extends Closeable {

    /** Blocks for the next connection; throws when the listener was closed. */
    Connection accept() throws IOException;

    /** Where it really listens: the port is never 0. */
    ServerAddress address();

    /** When this returns, who connects is refused. */
    @Override
    void close() throws IOException;
}
