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

    /** Never returns by itself. The process ends with 0 after a clean stop. */
    static int runUntilStopped(Console console, String what, Closeable servers) {
        CountDownLatch forever = new CountDownLatch(1);
        Thread hook = new Thread(() -> stop(console, what, servers), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            forever.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Action.DONE;
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
