package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.server.master.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TopologyScriptTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    @BeforeEach
    void quiet() {
        LogLevel.apply(LogLevel.Level.ERROR);
    }

    private Topology script(Duration timeMax, String... lines) throws IOException {
        Path script = directory.resolve("script");
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return new TopologyScript(script, timeMax);
    }

    @Test
    void it_is_given_the_address_and_prints_the_rack() throws IOException {
        Topology topology = script(LONG, "[ $# = 1 ] && echo \"/hall1/${1%:*}\"");
        assertThat(topology.rackOf("host7:7434", "said")).isEqualTo("/hall1/host7");
    }

    @Test
    void one_that_fails_prints_nothing_or_prints_more_than_a_line_tells_nothing() throws IOException {
        assertThat(script(LONG, "echo rack", "exit 3").rackOf("h:1", "said")).isEmpty();
        assertThat(script(LONG, "exit 0").rackOf("h:1", "said")).isEmpty();
        assertThat(script(LONG, "echo one", "echo two").rackOf("h:1", "said")).isEmpty();
        assertThat(new TopologyScript(directory.resolve("none"), LONG).rackOf("h:1", "said"))
                .isEmpty();
    }

    @Test
    void one_that_takes_too_long_is_ended_and_tells_nothing() throws IOException {
        Topology topology = script(Duration.ofMillis(1), "echo $$ > " + directory.resolve("pid"), "exec sleep 600");
        assertThat(topology.rackOf("h:1", "said")).isEmpty();
    }

    @Test
    void an_answer_is_remembered_for_a_while() throws IOException {
        Path asked = directory.resolve("asked");
        Topology topology = script(LONG, "echo x >> " + asked, "echo rack");
        assertThat(topology.rackOf("h:1", "")).isEqualTo("rack");
        assertThat(topology.rackOf("h:1", "")).isEqualTo("rack");
        assertThat(topology.rackOf("h:2", "")).isEqualTo("rack");
        assertThat(Files.readAllLines(asked)).hasSize(2);
    }
}
