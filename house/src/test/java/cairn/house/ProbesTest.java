package cairn.house;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.proof.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Probes are where they say, and those that the simulator cannot reach are reached by the tests they name. */
final class ProbesTest {
    /** Fewer than three in ten: what the simulator's seeds can be made to reach, they are made to reach. */
    private static final double EXCEPTIONS_SHARE_MAX = 0.3;

    private static final Pattern USE = Pattern.compile("\\bProbe\\.([A-Z][A-Z_]+)\\b");

    @Test
    void every_probe_is_in_a_branch_of_production_code() {
        Set<Probe> unused = EnumSet.allOf(Probe.class);
        for (Path module : House.modules()) {
            for (Path file : House.files(module.resolve("src/main/java"), ".java")) {
                Matcher use = USE.matcher(House.text(file));
                while (use.find()) {
                    unused.remove(Probe.valueOf(use.group(1)));
                }
            }
        }
        assertThat(unused).isEmpty();
    }

    @Test
    void a_probe_that_no_seed_can_meet_is_met_by_the_test_that_it_names() {
        List<String> untrue = new ArrayList<>();
        for (Probe probe : Probe.values()) {
            probe.provenBy().ifPresent(test -> {
                boolean proves = testsNamed(test).stream()
                        .anyMatch(file -> House.text(file).contains("Probe." + probe.name()));
                if (!proves) {
                    untrue.add(probe + ": " + test + " does not name it");
                }
            });
        }
        assertThat(untrue).isEmpty();
    }

    @Test
    void most_probes_need_no_test_of_their_own() {
        List<Probe> exceptions = new ArrayList<>();
        for (Probe probe : Probe.values()) {
            if (probe.provenBy().isPresent()) {
                exceptions.add(probe);
            }
        }
        assertThat(exceptions).hasSizeLessThan((int) (EXCEPTIONS_SHARE_MAX * Probe.values().length));
    }

    private static List<Path> testsNamed(String simpleName) {
        List<Path> found = new ArrayList<>();
        for (Path module : House.modules()) {
            for (Path file : House.files(module.resolve("src/test/java"), ".java")) {
                if (file.getFileName().toString().equals(simpleName + ".java")) {
                    found.add(file);
                }
            }
        }
        return found;
    }
}
