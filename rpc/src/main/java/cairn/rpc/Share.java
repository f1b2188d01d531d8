package cairn.rpc;

/**
 * What one connection has of something that all connections of a process share. The rule of fairness: nobody may have more
 * than what is left free after it took. So one alone has at most half, a hundred who take all they can leave a hundredth, and
 * who asks for little finds something. Only when all is free may one take all. Guarded by the lock of what it is a share of.
 */
final class Share {
    long held;

    /** Whether {@code amount} more is fair while {@code free} of {@code max} is free. */
    boolean allows(long amount, long free, long max) {
        return held + amount <= free - amount || (free == max && amount <= max);
    }
}
