package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.Amount;
import org.junit.jupiter.api.Test;

final class AmountTest {

    @Test
    void one_thing_is_said_otherwise_than_many() {
        assertThat(Amount.of(1, "chunk")).isEqualTo("1 chunk");
        assertThat(Amount.of(0, "chunk")).isEqualTo("0 chunks");
        assertThat(Amount.of(2, "copy")).isEqualTo("2 copies");
        assertThat(Amount.of(2, "day")).isEqualTo("2 days");
        assertThat(Amount.of(1, "chunk missing", "chunks missing")).isEqualTo("1 chunk missing");
        assertThat(Amount.of(3, "chunk missing", "chunks missing")).isEqualTo("3 chunks missing");
    }
}
