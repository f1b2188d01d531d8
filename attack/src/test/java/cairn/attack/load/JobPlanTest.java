package cairn.attack.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.attack.load.JobPlan.Kind;
import cairn.attack.load.JobPlan.Style;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class JobPlanTest {

    @Test
    void a_client_process_is_told_exactly_what_was_planned() {
        JobPlan plan = new JobPlan(
                Kind.APPEND, "p1", "10.0.0.2:7433", 17, Path.of("/tmp/h"), new Epochs(-5, 30), 12.5, Style.BATCH);
        assertThat(JobPlan.parse(plan.words().toArray(String[]::new))).isEqualTo(plan);
    }

    @Test
    void a_missing_word_is_named() {
        assertThatThrownBy(() -> JobPlan.parse(new String[] {"job=APPEND"})).hasMessageContaining("name");
    }
}
