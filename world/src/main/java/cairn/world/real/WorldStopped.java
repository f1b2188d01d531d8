package cairn.world.real;

/** The waiting thread was interrupted: it should end. Its interrupt status is set. */
public final class WorldStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WorldStopped(InterruptedException cause) {
        super("interrupted while waiting", cause);
    }
}
