package cairn.attack.power;

import cairn.attack.Usage;
import cairn.attack.power.PowerCut.Mood;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records one run of a cell in a guest, cuts the power at many moments of it, and looks each time whether the cell comes up
 * with everything that was durable. See the package's description.
 */
public final class PowerAttack {

    private static final List<String> TOOLS = List.of("linux.uml", "mkfs.ext4", "dmsetup", "blockdev", "insmod");
    private static final long DATA_BYTES = 1L << 30;
    private static final long LOG_BYTES = 8L << 30;
    private static final Duration BOOT = Duration.ofMinutes(5);
    private static final Duration VERIFY = Duration.ofMinutes(10);

    /** Mutations of the default class are on disk 5 s after their acknowledgement; the rest is for a slow machine. */
    private static final long SURELY_SYNCED_MILLIS = 15_000;

    private static final double EARLY_SHARE = 0.1;

    private final PowerOptions options;
    private final PrintStream out;
    private final Path directory;

    private PowerAttack(PowerOptions options, PrintStream out, Path directory) {
        this.options = options;
        this.out = out;
        this.directory = directory;
    }

    /** @return 0 when nothing was lost, 1 when something was, 2 for wrong arguments, 3 when this machine cannot do it */
    public static int run(List<String> arguments, PrintStream out) throws IOException, InterruptedException {
        if (arguments.contains("--help")) {
            out.print(Usage.of("power-usage.txt"));
            return 0;
        }
        PowerOptions options;
        try {
            options = PowerOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.print(Usage.of("power-usage.txt"));
            return 2;
        }
        String missing = String.join(
                ", ", TOOLS.stream().filter(tool -> find(tool) == null).toList());
        if (!missing.isEmpty()) {
            out.println("skipped: needs " + missing + " (Debian: user-mode-linux e2fsprogs dmsetup util-linux kmod)");
            return 3;
        }
        Path directory = options.directory() == null ? Files.createTempDirectory("cairn-power") : options.directory();
        return new PowerAttack(options, out, directory.toAbsolutePath()).run();
    }

    private static @Nullable String find(String tool) {
        for (String place : List.of("/usr/bin", "/usr/sbin", "/sbin", "/bin")) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return place + "/" + tool;
            }
        }
        return null;
    }

    private int run() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        int broken = 0;
        if (options.replay() == null) {
            prepare();
            if (!record()) {
                return 1;
            }
        }
        try (WriteLog log = WriteLog.open(directory.resolve("log.img"))) {
            if (options.replay() != null) {
                broken = cut(log, options.replay()) ? 0 : 1;
            } else {
                broken = cutMany(log) + findLiar(log);
            }
        }
        boolean kept = broken > 0 || options.directory() != null;
        if (!kept) {
            remove(directory);
        }
        out.printf(
                "power: %s%s%n",
                broken == 0 ? "nothing was lost" : broken + " cuts lost something",
                kept ? "; kept in " + directory : "");
        return broken == 0 ? 0 : 1;
    }

    private void prepare() throws IOException, InterruptedException {
        sparse("before.img", DATA_BYTES);
        sparse("log.img", LOG_BYTES);
        run(find("mkfs.ext4"), "-q", "-F", directory.resolve("before.img").toString());
        Files.copy(directory.resolve("before.img"), directory.resolve("data.img"), StandardCopyOption.REPLACE_EXISTING);
        try (InputStream script = Objects.requireNonNull(PowerAttack.class.getResourceAsStream("guest.sh"))) {
            Files.copy(script, script(), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!script().toFile().setExecutable(true)) {
            throw new IOException(script() + " cannot be made executable");
        }
        String classes = "-cp\n\"" + absoluteClassPath() + "\"\n";
        String frugal = """
                -XX:+UseSerialGC
                -XX:TieredStopAtLevel=1
                -XX:-UsePerfData
                -Djava.io.tmpdir=/run
                --sun-misc-unsafe-memory-access=allow
                --enable-native-access=ALL-UNNAMED
                """;
        Files.writeString(
                directory.resolve("cell.args"),
                frugal + "-Xmx300m\n" + classes + "cairn.cli.Main\nup\n--dir\n/mnt/cell\n--chunkservers\n3\n");
        Files.writeString(
                directory.resolve("work.args"), frugal + "-Xmx100m\n" + classes + GuestWork.class.getName() + "\n");
        Files.writeString(
                directory.resolve("guest.env"),
                "CAIRN_JAVA='" + Path.of(System.getProperty("java.home"), "bin", "java") + "'\n");
    }

    private static String absoluteClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Path script() {
        return directory.resolve("guest.sh");
    }

    private void sparse(String name, long bytes) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
        try (FileChannel file =
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), bytes - 1);
        }
    }

    private static void run(@Nullable String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private Guest boot(String mode, String expected, List<Path> disks) throws IOException {
        return Guest.boot(
                Objects.requireNonNull(find("linux.uml")),
                script(),
                List.of("CAIRN_DIR=" + directory, "CAIRN_MODE=" + mode, "CAIRN_EXPECTED=" + expected),
                disks);
    }

    /** Lets the cell work for a while and pulls the plug. */
    private boolean record() throws IOException, InterruptedException {
        out.printf("power: a cell works in a guest for %d s, then its power goes%n", options.seconds());
        try (Guest guest = boot("write", "", List.of(directory.resolve("data.img"), directory.resolve("log.img")))) {
            String begun = guest.await(line -> line.startsWith("MARK") || line.startsWith("guest: cannot"), BOOT);
            if (!begun.startsWith("MARK")) {
                out.println("power: the guest did not get to work:\n" + guest.console());
                return false;
            }
            String broken = guest.await(line -> line.startsWith("BROKEN"), Duration.ofSeconds(options.seconds()));
            if (!broken.isEmpty()) {
                out.println("power: before the power went: " + broken);
                return false;
            }
        }
        return true;
    }

    private int cutMany(WriteLog log) throws IOException, InterruptedException {
        List<WriteLog.Entry> entries = log.entries();
        int firstMark =
                (int) entries.stream().takeWhile(entry -> !entry.isMark()).count();
        long flushes = entries.stream().filter(WriteLog.Entry::isFlush).count();
        out.printf(
                "power: %d writes and %d flushes were noted, %s acknowledged%n",
                entries.stream().filter(WriteLog.Entry::isWrite).count(),
                flushes,
                new PowerCut(entries.size(), Mood.ALL_KEPT, 0).mark(log));
        Random random = new Random(options.seed());
        int broken = 0;
        for (int i = 0; i < options.cuts(); i++) {
            int first = random.nextDouble() < EARLY_SHARE ? 1 : firstMark + 1;
            broken += cut(log, PowerCut.draw(log, first, random)) ? 0 : 1;
        }
        return broken;
    }

    private boolean cut(WriteLog log, PowerCut cut) throws IOException, InterruptedException {
        Path disk = directory.resolve("cut.img");
        String what = cut.apply(log, directory.resolve("before.img"), disk);
        String mark = cut.mark(log);
        String expected = Progress.parse(mark) + "," + earlier(log, cut, Progress.parse(mark));
        try (Guest guest = boot("verify", expected, List.of(disk))) {
            String verdict = guest.await(
                    line -> line.startsWith("WHOLE") || line.startsWith("BROKEN") || line.startsWith("guest: cannot"),
                    VERIFY);
            boolean whole = verdict.startsWith("WHOLE");
            out.printf("  %s: %s%n", what, verdict.isEmpty() ? "no verdict" : verdict);
            if (!whole) {
                Files.writeString(directory.resolve("console-" + cut.at() + ".txt"), guest.console());
                out.printf(
                        "    again: ./dev attack power --replay %s --cut %d,%s,%d%n",
                        directory, cut.at(), cut.mood(), cut.seed());
            }
            return whole;
        } finally {
            Files.deleteIfExists(disk);
        }
    }

    /** A disk that forgets flushed writes must be found out; otherwise this attack proves nothing. */
    private int findLiar(WriteLog log) throws IOException, InterruptedException {
        out.println("power: the next cut forgets flushed writes, and must be noticed");
        PowerCut lie = new PowerCut(log.entries().size(), Mood.FLUSHES_IGNORED, options.seed());
        if (cut(log, lie)) {
            out.println("power: a lying disk was not noticed");
            return 1;
        }
        return 0;
    }

    /** What was acknowledged so long before the cut that also the default class must have it on disk. */
    private static Progress earlier(WriteLog log, PowerCut cut, Progress last) {
        Progress found = Progress.NONE;
        for (WriteLog.Entry entry : log.entries().subList(0, cut.at())) {
            if (entry.isMark()) {
                Progress then = Progress.parse(entry.mark());
                found = last.millis() - then.millis() > SURELY_SYNCED_MILLIS ? then : found;
            }
        }
        return found;
    }

    private static void remove(Path directory) throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(directory)) {
            tree.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
