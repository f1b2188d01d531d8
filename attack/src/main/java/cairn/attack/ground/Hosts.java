package cairn.attack.ground;

import java.io.IOException;

/** Makes the hosts of a cell. */
public interface Hosts {

    /** All on loopback, apart by their ports only. */
    Hosts LOOPBACK = Host::local;

    Host make(String name) throws IOException;
}
