package cairn.simulation.search;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Says how far some work is while it goes on. Stateless. */
final class Watch {

    private static final Duration EVERY = Duration.ofSeconds(10);

    private Watch() {}

    /**
     * Returns when {@code work} is done, which has a thread of its own.
     *
     * @param words how far it is, asked for every ten seconds
     * @return false when the caller was interrupted, and did not wait for the end
     */
    static boolean over(Runnable work, Supplier<String> words, Consumer<String> out) {
        return over(EVERY, work, words, out);
    }

    static boolean over(Duration every, Runnable work, Supplier<String> words, Consumer<String> out) {
        Thread thread = Thread.ofPlatform().start(work);
        try {
            while (!thread.join(every)) {
                out.accept(words.get());
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
