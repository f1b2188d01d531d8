package cairn.client;

/**
 * A limit of the cell that can be changed while it runs.
 *
 * @param value what holds; of a rate 0: there is no limit
 * @param builtIn what holds unless somebody sets it
 * @param set whether somebody did
 * @param least that it can be set to
 * @param unit empty for a mere number; {@code percent}, {@code bytes per second}
 */
public record CellLimit(
        String name, long value, long builtIn, boolean set, long least, long most, String unit, String meaning) {}
