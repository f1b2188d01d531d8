package cairn.attack.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DamageTest {

    @TempDir
    private Path directory;

    private Path file(String name) throws IOException {
        return Files.write(directory.resolve(name), new byte[] {1, 2, 3, 4, 5});
    }

    @Test
    void a_byte_that_was_flipped_is_another_and_flipped_again_the_same() throws IOException {
        Path file = file("a");
        Damage.flip(file, 2);
        assertThat(Files.readAllBytes(file)).startsWith(1, 2).endsWith(4, 5).doesNotContain(3);
        Damage.flip(file, 2);
        assertThat(file).hasBinaryContent(new byte[] {1, 2, 3, 4, 5});
        assertThatThrownBy(() -> Damage.flip(file, 5)).hasMessageContaining("no byte 5");
    }

    @Test
    void a_cut_file_is_shorter_and_half_a_record_makes_one_longer() throws IOException {
        Path file = file("a");
        Damage.repeatAtEnd(file, 1, 3);
        assertThat(file).hasBinaryContent(new byte[] {1, 2, 3, 4, 5, 2, 3});
        Damage.cut(file, 1);
        assertThat(file).hasBinaryContent(new byte[] {1});
    }

    @Test
    void files_are_found_by_both_ends_of_their_names_in_order() throws IOException {
        Path second = file("log-2");
        Path first = file("log-1");
        file("lock");
        assertThat(Damage.files(directory, "log-", "")).containsExactly(first, second);
        assertThat(Damage.files(directory, "", "k")).hasSize(1);
    }
}
