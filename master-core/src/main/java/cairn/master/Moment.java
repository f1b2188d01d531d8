package cairn.master;

/**
 * When an input arrived.
 *
 * @param nanos monotonic, from an arbitrary start: for waiting
 * @param wallMillis since 1970, may jump: for timestamps that people read
 */
public record Moment(long nanos, long wallMillis) {}
