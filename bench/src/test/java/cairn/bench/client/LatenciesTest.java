package cairn.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class LatenciesTest {
    @Test
    void percentiles_are_right_within_three_per_cent_over_all_magnitudes() {
        for (long unit = 1; unit < 1L << 50; unit *= 7) {
            Latencies latencies = new Latencies();
            for (int i = 1; i <= 1000; i++) {
                latencies.add(i * unit);
            }
            for (double share : new double[] {0.001, 0.5, 0.99, 0.999, 1}) {
                double exact = Math.ceil(share * 1000) * unit;
                assertThat((double) latencies.percentile(share)).isCloseTo(exact, within(0.03 * exact));
            }
        }
    }

    @Test
    void what_a_client_process_answers_is_what_it_measured() {
        Latencies latencies = new Latencies();
        latencies.add(5);
        latencies.add(123_456);
        latencies.add(123_456);
        Outcome outcome = Outcome.decode(new Outcome(3, 4, 5, latencies).encode());
        assertThat(outcome.operations()).isEqualTo(3);
        assertThat(outcome.latencies().count()).isEqualTo(3);
        assertThat(outcome.latencies().percentile(0.9)).isEqualTo(latencies.percentile(0.9));
        assertThat(Outcome.decode(new Outcome(0, 0, 1, new Latencies()).encode())
                        .latencies()
                        .percentile(0.5))
                .isZero();
    }

    @Test
    void an_order_survives_its_line() {
        Order order = new Order(JobKind.APPEND, 16, 1024, 1 << 20, 3, true, 0.5, 20, 7);
        assertThat(Order.decode(order.encode())).isEqualTo(order);
    }
}
