package cairn.attack.load;

import java.util.concurrent.TimeUnit;

/** Calls at an even rate. What a pause has held up is not made up for: the rate measured is the system's. One thread. */
final class Pace {

    private final long intervalNanos;
    private long next = System.nanoTime();

    Pace(double perSecond) {
        this.intervalNanos = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
    }

    void await() {
        next = Math.max(next + intervalNanos, System.nanoTime() - intervalNanos);
        long wait = next - System.nanoTime();
        if (wait > 0) {
            sleepNanos(wait);
        }
    }

    static void sleepMillis(long millis) {
        sleepNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static void sleepNanos(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a client", e);
        }
    }
}
