package cairn.server.master;

/** Knows on which rack a chunkserver is. Asked when one registers, on a thread that may wait. Thread-safe. */
public interface Topology {

    /** Each server knows itself. */
    Topology AS_SERVERS_SAY = (address, said) -> said;

    /**
     * @param address HOST:PORT of a chunkserver
     * @param said the rack that the server itself names
     * @return empty when nobody can tell now: it is then where it was, a new one on the rack {@code default}
     */
    String rackOf(String address, String said);
}
