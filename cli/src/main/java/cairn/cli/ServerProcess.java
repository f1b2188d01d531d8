package cairn.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs servers until a signal (ctrl-C, SIGTERM) asks them to stop, and stops them cleanly. */
final class ServerProcess {
    /** A stop that takes longer is not clean any more, and the next start will see to it. */
    private static final long STOP_SECONDS_MAX = 20;

    private ServerProcess() {}

    /** Waits until servers stop by themselves; throws why. */
    interface Wait {
        void await() throws IOException;
    }

    /**
     * Runs until a signal, or until {@code wait} says that the servers stopped by themselves. The process ends with 0
     * after a clean stop on a signal.
     */
    static int runUntilStopped(Console console, String what, Closeable servers, Wait wait) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(console, what, servers), "stop"));
        try {
            wait.await();
        } catch (IOException e) {
            console.complain(what, Explanation.of(e));
            Main.trace(console, e);
            // Memory may be ahead of the disk: nothing more is to be written.
            Runtime.getRuntime().halt(Action.FAILED);
        }
        forever();
        return Action.DONE;
    }

    /** For servers that never stop by themselves; and while a signal is being answered. */
    static void forever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Console console, String what, Closeable servers) {
        Thread.ofPlatform().daemon().name("stop in time").start(() -> {
            try {
                TimeUnit.SECONDS.sleep(STOP_SECONDS_MAX);
            } catch (InterruptedException e) {
                return;
            }
            console.complain(what, "does not stop in " + STOP_SECONDS_MAX + " s; ended the hard way, nothing is lost");
            Runtime.getRuntime().halt(Action.FAILED);
        });
        int code = Action.DONE;
        try {
            servers.close();
            console.err().println("cairn: " + what + ": stopped");
            console.err().flush();
        } catch (IOException e) {
            console.complain(what, Explanation.of(e));
            code = Action.FAILED;
        }
        // The JVM would report the signal's number for a stop that went as it should.
        Runtime.getRuntime().halt(code);
    }
}
