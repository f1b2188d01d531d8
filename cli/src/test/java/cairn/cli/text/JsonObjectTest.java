package cairn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonObjectTest {

    @Test
    void keys_stand_in_the_order_they_were_given() {
        JsonObject object = new JsonObject().with("b", 2).with("a", "x").with("c", true);
        assertThat(object).hasToString("{\"b\": 2, \"a\": \"x\", \"c\": true}");
    }

    @Test
    void objects_and_arrays_nest() {
        JsonObject inner = new JsonObject().with("n", Long.MAX_VALUE);
        assertThat(new JsonObject().with("one", inner).with("many", List.of(inner, inner)))
                .hasToString("{\"one\": {\"n\": 9223372036854775807}, \"many\": [\n"
                        + "{\"n\": 9223372036854775807},\n{\"n\": 9223372036854775807}\n]}");
        assertThat(new JsonObject().with("none", List.<JsonObject>of())).hasToString("{\"none\": []}");
    }

    @Test
    void what_would_end_a_string_or_a_line_is_escaped() {
        assertThat(JsonObject.quote("a\"b\\c\nd\re\tf\u0000g\u001bh\u007f"))
                .isEqualTo("\"a\\\"b\\\\c\\nd\\re\\tf\\u0000g\\u001bh\\u007f\"");
    }

    @Test
    void letters_of_all_alphabets_pass_and_half_a_letter_is_escaped() {
        assertThat(JsonObject.quote("Käse 乾酪 🧀")).isEqualTo("\"Käse 乾酪 🧀\"");
        assertThat(JsonObject.quote("x\ud83e")).isEqualTo("\"x\\ud83e\"");
        assertThat(JsonObject.quote("\uddc0x")).isEqualTo("\"\\uddc0x\"");
    }
}
