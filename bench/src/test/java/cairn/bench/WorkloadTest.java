package cairn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.bench.client.Order;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkloadTest {
    @Test
    void a_word_names_a_workload_or_all_that_begin_with_it() {
        assertThat(Workload.named(List.of("read-1"))).containsExactly(Workload.READ_1);
        assertThat(Workload.named(List.of("read")))
                .containsExactly(Workload.READ_1, Workload.READ_4, Workload.READ_NET_1, Workload.READ_NET_4);
        assertThat(Workload.named(List.of())).hasSize(Workload.values().length);
        assertThatThrownBy(() -> Workload.named(List.of("rea"))).hasMessageContaining("no workload 'rea'");
    }

    @Test
    void sequential_clients_share_the_bytes_and_are_not_timed() {
        Order order = Workload.WRITE_4.order(Scale.QUICK);
        assertThat(order.bytes() * order.threads()).isEqualTo(Scale.QUICK.bytes());
        assertThat(order.seconds()).isZero();
        assertThat(Workload.APPEND_1K_16.order(Scale.QUICK).seconds()).isEqualTo(Scale.QUICK.seconds());
    }

    @Test
    void the_middle_of_an_even_number_of_runs_is_between_two() {
        Measured measured = new Measured(Workload.WRITE_1, "cairn", List.of(run(4), run(1), run(2), run(8)), "");
        assertThat(measured.spread(Run::rate)).isEqualTo(new Measured.Spread(1, 3, 8));
    }

    private static Run run(double rate) {
        return new Run(rate, 0, 0, 0, 0);
    }
}
