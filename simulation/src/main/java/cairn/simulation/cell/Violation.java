package cairn.simulation.cell;

/** A promise of the cell was broken: what a checker throws. */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
    }

    static void unless(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new Violation(message.formatted(values));
        }
    }
}
