package cairn.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrows between modules point down only, as drawn in {@link Layers}. */
final class LayeringTest {
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>cairn</groupId>\\s*<artifactId>([^<]+)</artifactId>(\\s*<type>[^<]+</type>)?"
                    + "(\\s*<scope>test</scope>)?");

    @ParameterizedTest
    @EnumSource
    void a_layer_knows_only_the_layers_below_it(Layers layer) {
        if (layer.forbiddenPackages().length == 0) {
            return; // the top of the stack
        }
        noClasses()
                .that()
                .resideInAPackage(layer.packages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(layer.forbiddenPackages())
                .because(layer.module + " may use only what house/Layers lists for it")
                .allowEmptyShould(true)
                .check(House.classes());
    }

    @ParameterizedTest
    @EnumSource
    void a_pom_asks_for_no_more_than_its_layer_may_use(Layers layer) {
        List<String> refused = new ArrayList<>();
        Matcher dependency =
                DEPENDENCY.matcher(House.text(House.ROOT.resolve(layer.module).resolve("pom.xml")));
        while (dependency.find()) {
            boolean testsOnly = dependency.group(3) != null;
            if (!testsOnly && !layer.mayUse(layerOf(dependency.group(1)))) {
                refused.add(dependency.group(1));
            }
        }
        assertThat(refused)
                .as("modules that %s may not depend on", layer.module)
                .isEmpty();
    }

    @Test
    void every_class_belongs_to_a_layer() {
        classes()
                .that()
                .resideOutsideOfPackage("cairn.house")
                .should()
                .resideInAnyPackage(
                        Arrays.stream(Layers.values()).map(Layers::packages).toArray(String[]::new))
                .check(House.classes());
    }

    @Test
    void every_module_is_a_layer_or_this_house() {
        List<String> modules = House.modules().stream().map(House::name).toList();
        List<String> known = new ArrayList<>(
                Arrays.stream(Layers.values()).map(layer -> layer.module).toList());
        known.add("house");
        assertThat(modules).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void libraries_stay_where_they_are_wanted() {
        onlyIn("picocli..", "cairn.cli..");
        onlyIn("ch.qos.logback..", "cairn.cli..");
        onlyIn("org.slf4j..", "cairn.client..", "cairn.server..", "cairn.cli..");
        // Message classes may be used wherever wire may; the runtime behind them has no place in values and ports.
        noClasses()
                .that()
                .resideInAnyPackage("cairn.model..", "cairn.world..", "cairn.chunk..", "cairn.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.protobuf..")
                .allowEmptyShould(true)
                .check(House.classes());
    }

    private static void onlyIn(String library, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true)
                .check(House.classes());
    }

    private static Layers layerOf(String module) {
        return Arrays.stream(Layers.values())
                .filter(layer -> layer.module.equals(module))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no layer for the module " + module));
    }
}
