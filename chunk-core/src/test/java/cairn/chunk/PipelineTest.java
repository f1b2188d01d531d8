package cairn.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.model.Invariant;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private final Pipeline<String> pipeline = new Pipeline<>(10, 100);

    @Test
    void commits_happen_in_serial_order_whatever_the_order_of_the_answers() {
        pipeline.begin(11, 120, 100, 120, "a");
        pipeline.begin(12, 140, 120, 140, "b");
        pipeline.applied(12);
        pipeline.acknowledged(12);
        assertThat(pipeline.commitReady()).isEmpty();
        pipeline.acknowledged(11);
        assertThat(pipeline.commitReady()).isEmpty();
        pipeline.applied(11);
        assertThat(pipeline.commitReady()).containsExactly("a", "b");
        assertThat(pipeline.committedLength()).isEqualTo(140);
        assertThat(pipeline.isIdle()).isTrue();
    }

    @Test
    void a_mutation_is_not_committed_before_the_members_behind_have_it() {
        pipeline.begin(11, 120, 100, 120, "a");
        pipeline.applied(11);
        assertThat(pipeline.commitReady()).isEmpty();
        assertThat(pipeline.committedLength()).isEqualTo(100);
        assertThat(pipeline.begunLength()).isEqualTo(120);
    }

    @Test
    void a_reader_is_told_of_the_newest_uncommitted_mutation_that_touches_its_bytes() {
        pipeline.begin(11, 100, 20, 30, "overwrite");
        pipeline.begin(12, 100, 25, 26, "again");
        pipeline.begin(13, 150, 100, 150, "append");
        assertThat(pipeline.dirtySerial(0, 20)).isZero();
        assertThat(pipeline.dirtySerial(29, 40)).isEqualTo(11);
        assertThat(pipeline.dirtySerial(0, 100)).isEqualTo(12);
        assertThat(pipeline.dirtySerial(30, 100)).isZero();
        assertThat(pipeline.dirtySerial(90, 101)).isEqualTo(13);
        pipeline.committedThrough(12);
        assertThat(pipeline.dirtySerial(0, 100)).isZero();
    }

    @Test
    void only_mutations_of_bytes_that_were_there_count_as_overwriting() {
        pipeline.begin(11, 120, 100, 120, "append");
        assertThat(pipeline.overwritingSerial()).isZero();
        pipeline.begin(12, 120, 119, 120, "write");
        assertThat(pipeline.overwritingSerial()).isEqualTo(12);
    }

    @Test
    void an_ended_version_gives_back_everything_that_was_not_committed() {
        pipeline.begin(11, 120, 100, 120, "a");
        pipeline.begin(12, 140, 120, 140, "b");
        assertThat(pipeline.abandon()).containsExactly("a", "b");
        assertThat(pipeline.committedSerial()).isEqualTo(10);
    }

    @Test
    void serials_without_gaps_are_an_invariant() {
        assertThatThrownBy(() -> pipeline.begin(12, 120, 100, 120, "a")).isInstanceOf(Invariant.Broken.class);
    }
}
