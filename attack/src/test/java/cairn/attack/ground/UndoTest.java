package cairn.attack.ground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UndoTest {

    @TempDir
    private Path base;

    private static Process sleeper() throws IOException {
        return new ProcessBuilder("sleep", "600").start();
    }

    @Test
    void the_end_of_a_run_takes_back_processes_and_files_last_made_first() throws IOException {
        Undo undo = Undo.in(base);
        Path trace = base.resolve("trace");
        undo.command("sh", "-c", "echo first >> " + trace);
        undo.command("sh", "-c", "echo second >> " + trace);
        Process process = sleeper();
        undo.process(process);
        undo.close();
        assertThat(process.isAlive()).isFalse();
        assertThat(Files.readAllLines(trace)).containsExactly("second", "first");
        assertThat(undo.directory()).doesNotExist();
        assertThatThrownBy(() -> undo.command("true")).hasMessageContaining("over");
    }

    @Test
    void a_stopped_process_is_ended_too() throws IOException {
        Undo undo = Undo.in(base);
        Process process = sleeper();
        undo.process(process);
        Libc.signal(process.pid(), Libc.SIGSTOP);
        undo.close();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void what_a_killed_run_left_behind_is_taken_back_by_the_next() throws IOException {
        Undo undo = Undo.in(base);
        Process left = sleeper();
        undo.process(left);
        assertThat(Undo.sweep(base)).as("its owner runs: this process").isZero();

        Path journal = undo.directory().resolve("undo");
        String others = Files.readString(journal).replaceFirst("owner\t\\d+", "owner\t" + Integer.MAX_VALUE);
        Files.writeString(journal, others);
        assertThat(Undo.sweep(base)).isEqualTo(1);
        assertThat(left.isAlive()).isFalse();
        assertThat(undo.directory()).doesNotExist();
    }

    @Test
    void kept_files_stay() throws IOException {
        Undo undo = Undo.in(base);
        undo.keepFiles();
        undo.close();
        assertThat(undo.directory()).isEmptyDirectory();
    }
}
