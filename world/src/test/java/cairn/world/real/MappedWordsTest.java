package cairn.world.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.world.Disks;
import cairn.world.SharedWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedWordsTest {
    @TempDir
    Path top;

    private final Disks disks = RealWorld.create().disks();

    /** The process that makes the words in the tests: sets one, says so and waits to be killed. */
    static final class Maker {
        public static void main(String[] arguments) throws IOException {
            SharedWords words = RealWorld.create().disks().open(arguments[0]).share("words", 4);
            words.set(2, -7);
            System.out.println("made");
            System.in.read();
            words.close();
        }
    }

    private Process maker() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Maker.class.getName(), top.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(said.readLine()).isEqualTo("made");
        return process;
    }

    @Test
    void words_are_held_until_the_process_that_made_them_is_killed() throws Exception {
        Process process = maker();
        try (SharedWords words = disks.words(top.resolve("words").toString())) {
            assertThat(words.get(2)).isEqualTo(-7);
            assertThat(words.get(3)).isZero();
            assertThat(words.held()).isTrue();
            process.destroyForcibly().waitFor();
            assertThat(words.held()).isFalse();
            assertThat(words.get(2)).isEqualTo(-7);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void many_threads_may_ask_at_once_whether_words_are_held() throws Exception {
        Process process = maker();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (SharedWords words = disks.words(top.resolve("words").toString())) {
            List<Callable<Boolean>> asks = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                asks.add(words::held);
            }
            for (Future<Boolean> held : threads.invokeAll(asks)) {
                assertThat(held.get()).isTrue();
            }
        } finally {
            threads.shutdown();
            process.destroyForcibly();
        }
    }

    @Test
    void who_has_older_words_of_the_name_finds_them_given_up() throws IOException {
        SharedWords old = disks.open(top.toString()).share("words", 4);
        old.set(1, 5);
        try (SharedWords seen = disks.words(top.resolve("words").toString())) {
            old.close();
            try (SharedWords fresh = disks.open(top.toString()).share("words", 4)) {
                assertThat(fresh.get(1)).isZero();
                assertThat(fresh.held()).isTrue();
                assertThat(seen.held()).isFalse();
            }
        }
    }

    @Test
    void words_that_nobody_made_are_not_found() {
        assertThatThrownBy(() -> disks.words(top.resolve("none").toString())).isInstanceOf(NoSuchFileException.class);
    }
}
