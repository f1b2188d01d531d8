package cairn.simulation.scale;

/** Where all replicas are, as it is and not as the master knows it; and what is being copied. Handles are 1 to the number of chunks. */
final class Ledger {
    private static final int COUNTED_MAX = 16;

    private final byte[] live;
    private final long[] byLive = new long[COUNTED_MAX + 1];
    private int running;
    private int mostRunning;
    private int mostAtServer;
    private long copies;
    private long bytes;
    private long dropped;
    private long heartbeats;
    private long refusals;
    private long unplanned;

    Ledger(int chunks) {
        live = new byte[chunks + 1];
        byLive[0] = chunks;
    }

    void came(int handle) {
        move(handle, 1);
    }

    void went(int handle) {
        move(handle, -1);
    }

    private void move(int handle, int by) {
        byLive[live[handle]]--;
        live[handle] += (byte) by;
        byLive[live[handle]]++;
    }

    /** Chunks with so many live replicas. */
    long with(int replicas) {
        return byLive[replicas];
    }

    /** Chunks with fewer than they should have; lost ones are beyond mending. */
    long under() {
        long under = 0;
        for (int i = 1; i < ScalePlan.GOAL; i++) {
            under += byLive[i];
        }
        return under;
    }

    long over() {
        long over = 0;
        for (int i = ScalePlan.GOAL + 1; i <= COUNTED_MAX; i++) {
            over += byLive[i];
        }
        return over;
    }

    void copyBegins() {
        mostRunning = Math.max(mostRunning, ++running);
    }

    void busy(int copiesAtServer) {
        mostAtServer = Math.max(mostAtServer, copiesAtServer);
    }

    void copyEnds(long moved) {
        running--;
        copies += moved > 0 ? 1 : 0;
        bytes += moved;
    }

    void drops() {
        dropped++;
    }

    void heartbeat() {
        heartbeats++;
    }

    /** A call to the master that was refused or not answered in time. */
    void refused() {
        refusals++;
    }

    /** An order that no modelled server carries out. */
    void unplanned() {
        unplanned++;
    }

    int running() {
        return running;
    }

    int mostRunning() {
        return mostRunning;
    }

    int mostAtServer() {
        return mostAtServer;
    }

    long copies() {
        return copies;
    }

    long bytes() {
        return bytes;
    }

    long dropped() {
        return dropped;
    }

    long heartbeats() {
        return heartbeats;
    }

    long refusals() {
        return refusals;
    }

    long unplannedOrders() {
        return unplanned;
    }
}
