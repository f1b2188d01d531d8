package cairn.master;

import cairn.model.ServerId;

/**
 * A chunkserver that belongs to the cell, where it was last, and its rack (empty: none was named).
 *
 * @param draining it is given nothing new, and what it holds does not count towards any goal
 */
public record KnownServer(ServerId id, String address, String rack, boolean draining) {

    KnownServer drained(boolean drain) {
        return new KnownServer(id, address, rack, drain);
    }
}
