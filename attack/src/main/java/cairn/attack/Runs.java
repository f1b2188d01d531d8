package cairn.attack;

import cairn.attack.ground.Build;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Say;
import cairn.attack.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;

/** Runs scenarios one after the other and counts how they end. */
final class Runs {

    private final Arguments given;
    private final Build build;
    private final Say say;
    private int passed;
    private int failed;
    private int skipped;

    Runs(Arguments given, Build build, Say say) {
        this.given = given;
        this.build = build;
        this.say = say;
    }

    void skip(Scenario scenario, String why) {
        skipped++;
        say.line("SKIPPED %s: %s", scenario.name(), why);
    }

    void run(Scenario scenario) throws IOException {
        say.line("%s: %s", scenario.name(), scenario.sentence());
        long began = System.nanoTime();
        Ground ground = new Ground(
                scenario.name(), given.directory(), build, say, given.options().busy());
        Thread interrupted = new Thread(() -> close(ground), "interrupted");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            if (given.options().keep()) {
                ground.undo().keepFiles();
            }
            scenario.run(ground);
            passed++;
            say.line("PASSED %s (%d s)", scenario.name(), secondsSince(began));
        } catch (IOException | RuntimeException | Error e) {
            failed++;
            if (ground.undo().isClosed()) {
                say.line("INTERRUPTED %s", scenario.name());
                return; // the process is ending, and takes everything back
            }
            ground.undo().keepFiles();
            say.line("%s", trace(e));
            say.line("FAILED %s (%d s); its files are in %s", scenario.name(), secondsSince(began), ground.directory());
        }
        close(ground);
        Runtime.getRuntime().removeShutdownHook(interrupted);
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString().strip();
    }

    private static void close(Ground ground) {
        try {
            ground.close();
        } catch (IOException e) {
            System.err.println("attack: not all could be taken back: " + e);
        }
    }

    private static long secondsSince(long began) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    }

    int passed() {
        return passed;
    }

    int failed() {
        return failed;
    }

    int skipped() {
        return skipped;
    }
}
