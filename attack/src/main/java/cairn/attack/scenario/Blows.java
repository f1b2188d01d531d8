package cairn.attack.scenario;

import cairn.attack.ground.Harm;
import cairn.attack.ground.Mounts;
import cairn.attack.ground.Namespaces;
import cairn.attack.ground.Server;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The blows that there are. */
final class Blows {

    /** Longer than any term or patience of the protocol but those of whole calls. */
    private static final Duration HANG = Duration.ofSeconds(9);

    private static final Duration DEATH = Duration.ofSeconds(3);
    private static final Duration BAD_DISK = Duration.ofSeconds(6);

    private Blows() {}

    /** A blow by its two halves. */
    private record Simple(String words, Duration lasts, Act first, Act last) implements Blow {
        @Override
        public void begin(Server victim) throws IOException {
            first.to(victim);
        }

        @Override
        public void end(Server victim) throws IOException {
            last.to(victim);
        }
    }

    private interface Act {
        void to(Server victim) throws IOException;
    }

    /** kill -9; back on the same directory a moment later. */
    static Blow kill() {
        return new Simple("kill", DEATH, Server::kill, Server::start);
    }

    /** SIGSTOP, as a machine that swaps or hangs: half-open connections, clocks that jump. */
    static Blow stop() {
        return new Simple(
                "stop",
                HANG,
                victim -> victim.program().pause(),
                victim -> victim.program().resume());
    }

    /** The network harms it. */
    static Blow network(Namespaces net, Harm harm) {
        return new Simple(harm.words(), HANG, victim -> harm.begin(net, victim), victim -> harm.end(net, victim));
    }

    /** Its disk has no space left. A master that cannot log stops, and goes on where it was on a disk with space. */
    static Blow fullDisk() {
        return new Simple("full disk of", BAD_DISK, Blows::fill, Blows::drain);
    }

    private static void fill(Server victim) throws IOException {
        if (victim.isMaster()) {
            victim.program().expectEnd();
        }
        Mounts.fill(victim.directory());
    }

    private static void drain(Server victim) throws IOException {
        Violation.unless(
                victim.isMaster() != victim.isRunning(),
                victim.isMaster() ? "the master goes on although it cannot log" : "%s ended by a full disk",
                victim);
        Mounts.drain(victim.directory());
        if (victim.isMaster()) {
            victim.start();
        }
    }

    /** The kernel finds an error in its file system, which turns read-only. */
    static Blow readOnlyDisk(Mounts mounts) {
        return failingDisk("read-only disk of", mounts, Mounts::readOnly);
    }

    /** All that it asks of its file system fails. */
    static Blow deadDisk(Mounts mounts) {
        return failingDisk("EIO from the disk of", mounts, Mounts::shutDown);
    }

    /** What is done to a file system. */
    private interface Breaking {
        void at(Path mount) throws IOException;
    }

    /** The server is killed after a while, and started again when its file system was brought back. */
    private static Blow failingDisk(String words, Mounts mounts, Breaking breaking) {
        return new Simple(
                words,
                BAD_DISK,
                victim -> {
                    victim.program().expectEnd();
                    breaking.at(mount(victim));
                },
                victim -> {
                    victim.kill();
                    mounts.again(mount(victim));
                    victim.start();
                });
    }

    /** The store is a directory in it: nothing that the file system itself keeps there is in its way. */
    private static Path mount(Server victim) {
        return victim.directory().resolveSibling(".").normalize();
    }
}
