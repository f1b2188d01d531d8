package cairn.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that contributors run, in a copy of the checkout that has nothing built and nothing to build with. */
final class DevCommandTest {

    @TempDir
    Path checkout;

    private void copy(String name) throws IOException {
        Path from = House.ROOT.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = checkout.resolve(House.ROOT.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    @Test
    void help_is_shown_without_a_build() throws Exception {
        copy("dev");
        copy("bin");
        copy("attack/src/main/resources");
        assertThat(run("sh", "dev", "attack", "--help")).startsWith("usage: ./dev attack <command> [options]\n");
        assertThat(run("sh", "dev", "attack", "power", "-h")).startsWith("./dev attack power [--seconds S]");
        assertThat(run("sh", "dev", "fuzz", "--help")).startsWith("usage: ./dev fuzz");
        assertThat(run("sh", "dev", "help")).startsWith("usage: ./dev <command>");
        assertThat(checkout.resolve(".build")).doesNotExist();
    }

    @Test
    void two_that_compile_into_the_same_place_do_it_one_after_the_other() throws Exception {
        copy("bin");
        String one =
                "root=. && . bin/build && work() { echo begun >>log; sleep 0.5; echo done >>log; } && alone_in_build work";
        run("sh", "-c", "(" + one + ") & (" + one + ") & wait");
        assertThat(Files.readAllLines(checkout.resolve("log"))).isEqualTo(List.of("begun", "done", "begun", "done"));
        assertThat(checkout.resolve(".build/lock")).doesNotExist();
    }
}
