package cairn.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the simulator runs must leave time, threads, network, disk and chance to the five ports, or a seed is no longer a
 * history. Two leaks are not obvious: a thread that waits for a contended monitor is resumed by a thread of the JDK's
 * own, and so is every timed wait of {@code java.util.concurrent} (docs: architecture, the code).
 */
final class SimulatedCodeTest {
    private static final String[] SIMULATED = {
        "cairn.world..", "cairn.rpc..", "cairn.client..", "cairn.server..", "cairn.log..", "cairn.store.."
    };

    /** Where the real world begins: never run by the simulator. */
    private static final String[] REAL = {"cairn.world.real..", "cairn.server.process.."};

    private static final List<String> REAL_SOURCES = List.of("/cairn/world/real/", "/cairn/server/process/");

    private static final List<String> MODULES = List.of("world", "rpc", "client", "server", "log", "store");

    private static final List<String> WORLDLY = List.of(
            "java.nio.channels.",
            "java.nio.file.Files",
            "java.nio.file.FileSystem",
            "java.net.",
            "javax.net.",
            "java.io.File",
            "java.io.RandomAccessFile",
            "java.util.Timer",
            "java.util.concurrent.Executors",
            "java.util.concurrent.ScheduledExecutorService",
            "java.util.concurrent.ScheduledThreadPoolExecutor",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.concurrent.ForkJoinPool");

    /** Values that happen to live in packages of the network; interfaces of channels, and what channels throw. */
    private static final List<String> HARMLESS = List.of(
            "java.nio.channels.Channel",
            "java.nio.channels.ByteChannel",
            "java.nio.channels.ReadableByteChannel",
            "java.nio.channels.ScatteringByteChannel",
            "java.nio.channels.SeekableByteChannel",
            "java.nio.channels.WritableByteChannel",
            "java.nio.channels.GatheringByteChannel",
            "java.net.ConnectException",
            "java.net.URI",
            "java.net.URISyntaxException",
            "java.io.FileNotFoundException",
            "java.nio.channels.ClosedChannelException",
            "java.nio.file.FileSystemException");

    private static final Pattern COMMENT_OR_TEXT = Pattern.compile(
            "//[^\\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'",
            Pattern.DOTALL);

    private static final Pattern MONITOR = Pattern.compile("\\bsynchronized\\b");

    @Test
    void network_disk_and_threads_come_through_the_ports() {
        noClasses()
                .that()
                .resideInAnyPackage(SIMULATED)
                .and()
                .resideOutsideOfPackages(REAL)
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.describe("go past the ports of cairn.world", SimulatedCodeTest::isWorldly))
                .allowEmptyShould(true)
                .check(House.classes());
    }

    @Test
    void time_waits_chance_and_order_come_through_the_ports() {
        List<Ban> bans = new ArrayList<>(timedWaits());
        bans.addAll(strayThreads());
        bans.addAll(Bans.clocks("use the port Time"));
        bans.addAll(Bans.chance("use the port Entropy"));
        bans.addAll(Bans.saltedOrder());
        bans.addAll(Bans.parallelStreams());
        classes()
                .that()
                .resideInAnyPackage(SIMULATED)
                .and()
                .resideOutsideOfPackages(REAL)
                .should(Ban.obey(bans))
                .allowEmptyShould(true)
                .check(House.classes());
    }

    @Test
    void locks_are_of_java_util_concurrent() {
        List<String> found = new ArrayList<>();
        for (String module : MODULES) {
            for (Path source : House.files(House.ROOT.resolve(module).resolve("src/main/java"), ".java")) {
                String name = House.name(source);
                if (REAL_SOURCES.stream().noneMatch(name::contains)) {
                    linesWithMonitors(House.text(source)).forEach(line -> found.add(name + ":" + line));
                }
            }
        }
        assertThat(found)
                .as("synchronized: a contended monitor is outside the simulator's control; use a ReentrantLock")
                .isEmpty();
    }

    @Test
    void the_word_is_found_in_code_and_only_there() {
        String source = """
                // synchronized
                /* synchronized
                 */ String a = "synchronized \\" synchronized"; char quote = '"';
                synchronized void b() {}
                """;
        assertThat(linesWithMonitors(source)).containsExactly(4);
    }

    private static List<Ban> timedWaits() {
        String instead = "wait through the port Time";
        return List.of(
                Ban.methods(instead, Thread.class, "sleep"),
                Ban.shortOf(3, instead, Thread.class, "join"),
                Ban.methods(instead, LockSupport.class, "parkNanos", "parkUntil"),
                Ban.methods(instead, Object.class, "wait", "notify", "notifyAll"),
                new Ban(instead, SimulatedCodeTest::isTimedWait));
    }

    /** All timed waits of the package take a TimeUnit, but for those of Condition and CompletableFuture's delays. */
    private static boolean isTimedWait(AccessTarget target) {
        if (!target.getOwner().getPackageName().startsWith("java.util.concurrent")) {
            return false;
        }
        if (target.getOwner().getSimpleName().equals("TimeUnit")) {
            return Ban.isNamed(target, "sleep", "timedJoin", "timedWait");
        }
        return Ban.isNamed(target, "awaitNanos", "awaitUntil")
                || Ban.parameters(target).contains("java.util.concurrent.TimeUnit");
    }

    private static List<Ban> strayThreads() {
        String instead = "start threads through the port Threads";
        return List.of(
                Ban.constructor(instead, Thread.class),
                Ban.methods(instead, Thread.class, "ofVirtual", "ofPlatform", "startVirtualThread"),
                Ban.methods(instead, ForkJoinPool.class, "commonPool"),
                new Ban(
                        "name the executor: the common pool is not the simulator's",
                        target -> Ban.isOwnedBy(target, CompletableFuture.class)
                                && target.getName().endsWith("Async")
                                && !Ban.parameters(target).contains(Executor.class.getName())));
    }

    private static boolean isWorldly(JavaClass type) {
        return !HARMLESS.contains(type.getName()) && WORLDLY.stream().anyMatch(type.getName()::startsWith);
    }

    private static List<Integer> linesWithMonitors(String source) {
        Matcher noise = COMMENT_OR_TEXT.matcher(source);
        String code =
                noise.replaceAll(hit -> "\n".repeat((int) hit.group().lines().count() - 1));
        List<Integer> lines = new ArrayList<>();
        Matcher monitor = MONITOR.matcher(code);
        while (monitor.find()) {
            lines.add(1
                    + (int) code.substring(0, monitor.start())
                            .chars()
                            .filter(c -> c == '\n')
                            .count());
        }
        return lines;
    }
}
