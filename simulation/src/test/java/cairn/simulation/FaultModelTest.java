package cairn.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FaultModelTest {

    @Test
    void fault_model_md_is_what_the_code_says() throws IOException {
        Path docs = Path.of("docs");
        Path page = (Files.isDirectory(docs) ? docs : Path.of("..", "docs")).resolve("fault-model.md");
        assertEquals(
                FaultModelPage.text(),
                Files.exists(page) ? Files.readString(page) : "",
                "./cairn sim --fault-model > docs/fault-model.md");
    }

    @Test
    void every_fault_says_what_happens_how_and_what_is_promised_in_one_cell_of_a_table() {
        for (Fault fault : Fault.values()) {
            String all = fault.happens() + fault.injected() + fault.promise();
            assertFalse(fault.happens().isBlank()
                    || fault.injected().isBlank()
                    || fault.promise().isBlank());
            assertFalse(all.contains("|") || all.contains("\n"), fault + " would break its row");
        }
    }
}
