package cairn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.attack.scenario.Scenario;
import cairn.attack.scenario.Scenarios;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ArgumentsTest {

    @Test
    void scenarios_are_run_in_the_order_of_their_names_on_the_command_line() {
        Arguments given = Arguments.parse(List.of("run", "stop", "kill", "--keep"));
        assertThat(given.scenarios()).extracting(Scenario::name).containsExactly("stop", "kill");
        assertThat(given.options().keep()).isTrue();
        assertThat(given.options().allowSkips()).isFalse();
    }

    @Test
    void what_is_not_understood_is_refused() {
        assertThatThrownBy(() -> Arguments.parse(List.of())).hasMessageContaining("no command");
        assertThatThrownBy(() -> Arguments.parse(List.of("run"))).hasMessageContaining("which");
        assertThatThrownBy(() -> Arguments.parse(List.of("run", "nothing"))).hasMessageContaining("nothing");
        assertThatThrownBy(() -> Arguments.parse(List.of("all", "--fast"))).hasMessageContaining("--fast");
    }

    @Test
    void names_of_scenarios_are_unique_and_the_short_form_is_a_part() {
        List<String> names = Scenarios.all().stream().map(Scenario::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(Arguments.parse(List.of("short")).scenarios()).isNotEmpty().hasSizeLessThan(names.size());
    }

    @Test
    void random_harm_is_repeated_by_its_seed() {
        Arguments given = Arguments.parse(List.of("random", "--minutes", "1.5", "--seed", "42"));
        assertThat(given.scenarios())
                .singleElement()
                .satisfies(scenario ->
                        assertThat(scenario.sentence()).contains("1.5").contains("42"));
    }
}
