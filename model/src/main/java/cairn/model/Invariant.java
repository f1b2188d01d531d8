package cairn.model;

/** Our own mistakes: a broken invariant stops the process, because going on would spread the damage. Always on. */
public final class Invariant {

    private Invariant() {}

    /** Throws {@link Broken} with the formatted message unless {@code holds}. */
    public static void check(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new Broken(String.format(message, arguments));
        }
    }

    /** Says that this point can never be reached. */
    public static Broken unreachable(String message, Object... arguments) {
        return new Broken(String.format(message, arguments));
    }

    /** A broken invariant. An {@code Error}: nobody catches it but the outermost frame, which stops the process. */
    public static final class Broken extends Error {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }
}
