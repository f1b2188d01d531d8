package cairn.master;

/**
 * The time after a start in which the master does not know yet who holds what: a chunk that seems to lack replicas may only lack
 * reports. It ends when every server that is known has shown all it holds, or is known to be dead; or when nothing more was shown
 * for a while; or after as long as a cell of that many chunks may take. Over is over: who is missed from then on is gone.
 */
final class Gathering {

    /** So many chunks' replicas a master takes in at least: 20,000 a second, a tenth of what it takes when it has a core to itself. */
    private static final long NANOS_FOR_CHUNK = 50_000;

    private final MasterImage image;
    private final long graceNanos;
    private final long startNanos;
    private long shownNanos;
    private boolean over;

    Gathering(MasterImage image, MasterSettings settings, long startNanos) {
        this.image = image;
        this.graceNanos = settings.registerGrace();
        this.startNanos = startNanos;
        this.shownNanos = startNanos;
    }

    /** A server has registered, or shown a page of its replicas. */
    void shown(long nanos) {
        shownNanos = nanos;
    }

    boolean isOver(Iterable<ServerState> servers, long nanos) {
        over = over || leftNanos(nanos) <= 0 || haveAllShown(servers);
        return over;
    }

    /** How long it lasts at most, if nothing more is shown. */
    long leftNanos(long nanos) {
        long quiet = shownNanos + graceNanos - nanos;
        long bound = startNanos + graceNanos + image.chunkCount() * NANOS_FOR_CHUNK - nanos;
        return Math.min(quiet, bound);
    }

    private static boolean haveAllShown(Iterable<ServerState> servers) {
        for (ServerState server : servers) {
            if (!server.registered && !server.gone) {
                return false;
            }
        }
        return true;
    }
}
