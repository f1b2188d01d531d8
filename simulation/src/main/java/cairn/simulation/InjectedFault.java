package cairn.simulation;

import java.io.IOException;

/** A fault the simulated world made up: never to be mistaken for a mistake of ours. */
public final class InjectedFault extends IOException {

    private static final long serialVersionUID = 1L;

    InjectedFault(String message) {
        super(message);
    }

    /** Puts the mark on an exception that must be of another class, because production code tells it by that. */
    static <E extends IOException> E mark(E made) {
        made.addSuppressed(new InjectedFault("injected"));
        return made;
    }

    /** Whether the world made up what {@code thrown} came from. Only marks count: no message, no class of the JDK. */
    public static boolean isBehind(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof InjectedFault) {
                return true;
            }
            for (Throwable suppressed : at.getSuppressed()) {
                if (suppressed instanceof InjectedFault) {
                    return true;
                }
            }
        }
        return false;
    }
}
