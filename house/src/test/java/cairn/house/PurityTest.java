package cairn.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cores compute; they never look at the world. The same inputs give the same outputs, in any JVM, for ever. */
final class PurityTest {
    private static final String[] PURE = {"cairn.model..", "cairn.master..", "cairn.chunk.."};

    /** Values and exceptions that happen to live in packages of I/O and of threads. */
    private static final List<String> HARMLESS = List.of(
            "java.io.IOException",
            "java.io.UncheckedIOException",
            "java.io.Serializable",
            "java.util.concurrent.TimeUnit");

    private static final List<String> WORLDLY_PACKAGES =
            List.of("java.io", "java.nio.file", "java.nio.channels", "java.net", "javax.net", "java.util.concurrent");

    private static final List<String> WORLDLY_TYPES = List.of(
            "java.lang.Thread", "java.lang.ThreadLocal", "java.lang.Process", "java.lang.Runtime", "java.util.Timer");

    @Test
    void the_cores_know_no_type_that_does_io_or_runs_threads() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe("do I/O or run threads", PurityTest::isWorldly))
                .allowEmptyShould(true)
                .check(House.classes());
    }

    @Test
    void the_cores_take_time_chance_and_order_from_nobody_but_their_caller() {
        List<Ban> bans = new ArrayList<>();
        bans.addAll(Bans.clocks("take nowNanos as a parameter"));
        bans.addAll(Bans.chance("take a seeded generator as a parameter"));
        bans.addAll(Bans.saltedOrder());
        bans.addAll(Bans.hashOrder());
        bans.addAll(Bans.parallelStreams());
        bans.add(Ban.methods("return an effect", System.class, "out", "err", "in", "getenv", "exit"));
        bans.add(Ban.methods("a core has one thread", Object.class, "wait", "notify", "notifyAll"));
        classes()
                .that()
                .resideInAnyPackage(PURE)
                .should(Ban.obey(bans))
                .allowEmptyShould(true)
                .check(House.classes());
    }

    private static boolean isWorldly(JavaClass type) {
        if (HARMLESS.contains(type.getName())) {
            return false;
        }
        return WORLDLY_TYPES.contains(type.getName())
                || WORLDLY_PACKAGES.stream()
                        .anyMatch(root -> type.getPackageName().equals(root)
                                || type.getPackageName().startsWith(root + "."));
    }
}
