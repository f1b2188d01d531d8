package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.proof.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
    private final CapturedConsole console = new CapturedConsole();

    @Test
    void without_arguments_it_shows_all_verbs() {
        assertThat(console.run()).isZero();
        for (Verb verb : Verb.values()) {
            assertThat(console.out()).contains("\n  " + verb.word() + " ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_verb_has_help_with_a_description_examples_and_exit_codes(Verb verb) {
        assertThat(console.run(verb.word(), "--help")).isZero();
        assertThat(console.out())
                .startsWith("Usage: cairn " + verb.word())
                .contains("\nExit codes:\n", "\nExamples:\n  ", "cairn " + verb.word(), "--help");
        assertThat(console.err()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void the_help_of_sim_names_every_rule_that_can_be_broken(Rule rule) {
        assertThat(console.run("sim", "--help")).isZero();
        assertThat(console.out())
                .containsPattern("[ ,]" + rule.name().toLowerCase(Locale.ROOT).replace('_', '-') + "[,\n]");
    }

    @ParameterizedTest
    @EnumSource
    void an_unknown_option_is_wrong_usage_and_one_line(Verb verb) {
        if (verb != Verb.SIM) { // has a parser of its own
            assertThat(console.run(verb.word(), "--no-such-option")).isEqualTo(2);
            assertOneLine("cairn: " + verb.word() + ": ");
            assertThat(console.err()).endsWith("see: cairn " + verb.word() + " --help\n");
            assertThat(console.out()).isEmpty();
        }
    }

    @Test
    void help_names_a_verb_before_or_after() {
        assertThat(console.run("help", "ls")).isZero();
        assertThat(console.out()).startsWith("Usage: cairn ls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ls", "copyFromLocal", "-copyToLocal", "touchz", "-put"})
    void verbs_may_be_written_as_hdfs_users_write_them(String word) {
        assertThat(console.run(word, "--help")).isZero();
    }

    @Test
    void a_verb_of_hdfs_that_means_something_else_is_explained() {
        assertThat(console.run("-appendToFile", "a", "/b")).isEqualTo(2);
        assertOneLine("cairn: '-appendToFile' is no command; here it is: cairn append FILE");
    }

    @Test
    void a_misspelt_verb_is_answered_with_the_nearest() {
        assertThat(console.run("tial")).isEqualTo(2);
        assertOneLine("cairn: 'tial' is no command; did you mean 'tail'?");
        assertThat(console.run("quux-quux")).isEqualTo(2);
        assertThat(console.err()).doesNotContain("did you mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cell=127.0.0.1:1", "--cell 127.0.0.1:1"})
    void a_cell_that_does_not_answer_is_one_line_and_fails(String option) {
        String[] words = (option + " ls /").split(" ");
        assertThat(console.run(words)).isEqualTo(1);
        assertOneLine("cairn: ls: ");
        assertThat(console.err()).contains("127.0.0.1:1");
        assertThat(console.run("ls", "/", "--cell", "127.0.0.1:1")).isEqualTo(1);
        assertThat(console.err()).contains("127.0.0.1:1");
    }

    @Test
    void the_environment_names_the_cell_when_the_command_line_does_not() {
        console.variable("CAIRN_CELL", "127.0.0.1:1");
        assertThat(console.run("df")).isEqualTo(1);
        assertThat(console.err()).contains("127.0.0.1:1");
        console.variable("CAIRN_CELL", "nonsense");
        assertThat(console.run("df")).isEqualTo(2);
        assertOneLine("cairn: df: CAIRN_CELL: 'nonsense' is not HOST:PORT");
    }

    @Test
    void a_stack_trace_is_only_for_who_asks() {
        console.run("--cell", "127.0.0.1:1", "ls");
        assertThat(console.err()).doesNotContain("\tat ");
        console.variable("CAIRN_DEBUG", "1").run("--cell", "127.0.0.1:1", "ls");
        assertThat(console.err()).contains("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "write --offset -3 /x",
                "write /x",
                "truncate /x",
                "truncate -s -1 /x",
                "head -c x /x",
                "head -n -1 /x",
                "tail -n x /x",
                "chmod 999 /x",
                "chown : /x",
                "setrep 0 /x",
                "setrep 99 /x",
                "setrep x /x",
                "test /x",
                "test -e -d /x",
                "find / -type x",
                "find / -size +x",
                "put only-one",
                "cp /only-one",
                "up --port 99999",
                "up --chunkservers 99",
                "master --dir d --listen nonsense",
                "chunkserver --dir d",
                "dump nonsense .",
                "dump chunk . nothex"
            })
    void a_command_line_that_makes_no_sense_is_wrong_usage(String line) {
        assertThat(console.run(line.split(" "))).isEqualTo(2);
        assertOneLine("cairn: " + line.split(" ")[0] + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "/a/../b", "/a/./b", "/\uFFFD", "/a\u0000b"})
    void a_path_that_breaks_the_rules_fails_with_the_rule(String path) {
        assertThat(console.run("append", path)).isEqualTo(1);
        assertOneLine("cairn: append: path '");
    }

    @Test
    void an_address_in_use_is_one_line() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            Path directory = Files.createTempDirectory("cairn-cli");
            String address = "127.0.0.1:" + taken.getLocalPort();
            int code = console.run(
                    "chunkserver", "--dir", directory.toString(), "--master", "127.0.0.1:1", "--listen", address);
            assertThat(code).isEqualTo(1);
            assertOneLine("cairn: chunkserver: " + address + ": the port is in use");
        }
    }

    @Test
    void a_reader_that_went_away_ends_the_command_quietly() {
        assertThat(console.run("version")).isZero();
        CapturedConsole errors = new CapturedConsole();
        Console broken = new Console(
                InputStream.nullInputStream(),
                new Output(failing("Broken pipe")),
                errors.console().err(),
                Map.of(),
                false,
                new Interrupted());
        assertThat(Main.run(new String[] {"version"}, broken)).isEqualTo(1);
        assertThat(errors.err()).isEmpty();
    }

    @Test
    void a_full_disk_behind_standard_output_is_told() {
        CapturedConsole errors = new CapturedConsole();
        Console full = new Console(
                InputStream.nullInputStream(),
                new Output(failing("No space left on device")),
                errors.console().err(),
                Map.of(),
                false,
                new Interrupted());
        assertThat(Main.run(new String[] {"version"}, full)).isEqualTo(1);
        assertThat(errors.err())
                .isEqualTo("cairn: standard output: No space left on device; free some space and try again\n");
    }

    private void assertOneLine(String start) {
        assertThat(console.err()).startsWith(start).endsWith("\n");
        assertThat(console.err().lines()).hasSize(1);
    }

    private static WritableByteChannel failing(String words) {
        return Channels.newChannel(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(words);
            }
        });
    }
}
