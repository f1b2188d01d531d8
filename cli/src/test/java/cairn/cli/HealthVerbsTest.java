package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** fsck, explain, doctor and the counters of report, against a cell of real sockets and disks in this process. */
final class HealthVerbsTest {
    private static final Pattern HANDLE = Pattern.compile("\"chunk\": \"([0-9a-f]{16})\"");

    @TempDir
    Path data;

    private final CapturedConsole console = new CapturedConsole();
    private EmbeddedCell cell;

    @BeforeEach
    void start() throws IOException {
        LogLevel.apply(LogLevel.Level.ERROR);
        cell = EmbeddedCell.start(new EmbeddedCell.Plan(data, 3, 0, 3));
        console.variable("CAIRN_CELL", cell.address().toString());
        console.input("hello");
        assertThat(console.run("put", "-", "/a")).isZero();
        assertThat(console.run("mkdir", "-p", "/dir/sub")).isZero();
        console.input("world, this is a file");
        assertThat(console.run("put", "-", "/dir/sub/b")).isZero();
    }

    @AfterEach
    void stop() throws IOException {
        cell.close();
    }

    private String handleOf(String path) {
        assertThat(console.run("locate", "--json", path)).isZero();
        Matcher matcher = HANDLE.matcher(console.out());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(file -> file.getFileName().toString().equals(name))
                    .toList();
        }
    }

    @Test
    void a_healthy_cell_says_so_with_words_and_with_its_exit_code() {
        assertThat(console.run("fsck")).isZero();
        assertThat(console.out()).isEqualTo("2 chunks judged: 2 healthy\nhealthy\n");
        assertThat(console.run("fsck", "/dir")).isZero();
        assertThat(console.out()).startsWith("1 chunks judged");
        assertThat(console.run("fsck", "--json", "--all", "/dir/sub/b")).isZero();
        assertThat(console.out())
                .contains("\"path\": \"/dir/sub/b\"")
                .contains("\"health\": \"healthy\"")
                .contains("\"worth\": \"good\"")
                .contains("\"healthy\": true");
        assertThat(console.run("fsck", "/none")).isEqualTo(1);
        assertThat(console.err()).contains("/none");
    }

    @Test
    void limits_of_copies_are_set_for_good_and_shown() {
        assertThat(console.run("limits", "set", "copies-per-server", "4", "rate-per-copy", "6.25M"))
                .isZero();
        assertThat(console.run("limits")).isZero();
        assertThat(console.out()).containsPattern("rate-per-copy +6.3M/s +none");
        assertThat(console.run("report")).isZero();
        assertThat(console.out()).contains("copies-per-server 4 (set)").contains("copies-percent 40%");
        assertThat(console.run("limits", "set", "copies-percent", "30%", "copies-per-server", "default"))
                .isZero();
        assertThat(console.run("report", "--json")).isZero();
        assertThat(console.out()).contains("\"copies-percent\": 30").contains("\"copies-per-server\": 2");
        assertThat(console.run("limits", "set", "rate-per-copy", "1K")).isEqualTo(2);
        assertThat(console.err()).contains("from 1.0M/s to 1.0T/s");
        assertThat(console.run("limits", "set", "speed", "1")).isEqualTo(2);
        assertThat(console.err()).contains("copies-in-cell");
        assertThat(console.run("limits", "copies-in-cell", "3")).isEqualTo(2);
    }

    @Test
    void a_file_system_that_three_servers_share_is_counted_once() throws IOException {
        assertThat(console.run("df", "--json")).isZero();
        assertThat(console.out())
                .contains("\"totalBytes\": " + Files.getFileStore(data).getTotalSpace());
    }

    @Test
    void more_copies_than_servers_are_taken_with_a_note() {
        assertThat(console.run("setrep", "16", "/a")).isZero();
        assertThat(console.err()).contains("of 16 copies there will be 3 for now");
        assertThat(console.run("setrep", "3", "/a")).isZero();
        assertThat(console.err()).isEmpty();
    }

    @Test
    void a_directory_that_is_named_twice_is_refused() throws IOException {
        String one = data.resolve("one").toString();
        Files.createDirectory(data.resolve("one"));
        Files.createSymbolicLink(data.resolve("two"), data.resolve("one"));
        assertThat(console.run("chunkserver", "--master", "127.0.0.1:1", "--dir", one + "," + one + "/"))
                .isEqualTo(2);
        assertThat(console.err()).contains("is the same as").contains("for each disk");
        assertThat(console.run("chunkserver", "--master", "127.0.0.1:1", "--dir", one + "," + data.resolve("two")))
                .isEqualTo(2);
        assertThat(console.err()).contains("is the same as " + one);
    }

    @Test
    void a_file_that_wants_more_copies_than_there_are_servers_is_told_and_explained() {
        assertThat(console.run("setrep", "4", "/dir/sub/b")).isZero();
        assertThat(console.run("fsck")).isEqualTo(Action.NOT_HEALTHY);
        assertThat(console.out())
                .contains("under: /dir/sub/b chunk 0")
                .contains("3 good of 4 wanted")
                .contains("not healthy: 1 chunks with too few copies");
        assertThat(console.run("fsck", "/a")).as("the other file is fine").isZero();
        assertThat(console.run("explain", "/dir/sub/b")).isZero();
        assertThat(console.out()).contains("3 good of 4 wanted").contains("Repair: ");
        assertThat(console.run("explain", "/a")).isZero();
        assertThat(console.out()).endsWith("Nothing is wrong with it.\n");
    }

    @Test
    void a_chunk_and_a_server_are_explained() {
        String handle = handleOf("/a");
        assertThat(console.run("explain", handle)).isZero();
        assertThat(console.out())
                .contains("is chunk 0 of /a")
                .contains("3 good copies, as wanted")
                .contains("Repair: none needed")
                .contains("If any one of its servers died now, 2 good copies would be left.");
        assertThat(console.run("explain", "--json", handle)).isZero();
        assertThat(console.out()).contains("\"repair\": \"none needed\"").contains("\"goodLeft\": 2");
        assertThat(console.run("explain", "s1")).isZero();
        assertThat(console.out())
                .contains("s1 at 127.0.0.1:")
                .contains("It holds 2 replicas.")
                .contains("If it died now, every chunk could still be read.");
        assertThat(console.run("explain", "s9")).isEqualTo(1);
        assertThat(console.run("explain", "no thing")).isEqualTo(Action.WRONG_USAGE);
    }

    @Test
    void damage_on_a_disk_is_found_by_a_deep_check_and_mended_by_the_cell() throws Exception {
        String handle = handleOf("/dir/sub/b");
        Path replica = files(handle + ".chunk").getFirst();
        try (FileChannel channel = FileChannel.open(replica, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'X'}), 3);
        }
        assertThat(console.run("fsck", "--deep", "/dir")).isEqualTo(Action.NOT_HEALTHY);
        // The regular round of such a small store may have come there first: then the cell mends it already.
        assertThat(console.out()).containsAnyOf("damaged: chunk " + handle, "under: /dir/sub/b chunk 0 (" + handle);
        assertThat(console.run("fsck", "--deep", "/a"))
                .as("the other file is fine")
                .isZero();
        assertThat(console.run("report", "--json")).isZero();
        assertThat(console.out()).contains("\"replicas_damaged\": 1");
        int code = Action.NOT_HEALTHY;
        for (int i = 0; i < 100 && code != 0; i++) {
            Thread.sleep(200);
            code = console.run("fsck");
        }
        assertThat(code).as(console.out()).isZero();
        assertThat(console.run("fsck", "--deep")).as("made anew").isZero();
    }

    @Test
    void the_counters_of_a_cell_are_text_that_monitoring_reads() {
        assertThat(console.run("report", "--metrics")).isZero();
        assertThat(console.out())
                .contains("# TYPE cairn_chunks gauge")
                .contains("cairn_chunks{health=\"healthy\"} 2")
                .contains("cairn_chunks{health=\"missing\"} 0")
                .contains("cairn_servers{state=\"live\"} 3")
                .contains("# TYPE cairn_copies_done_total counter")
                .contains("cairn_server_registrations_total 3");
    }

    @Test
    void the_doctor_finds_a_healthy_cell_well() {
        int code = console.run("doctor", "--all", "--json");
        assertThat(console.out())
                .contains("2 have all their copies")
                .contains("\"about\": \"versions\", \"words\": \"all run cairn ")
                .contains("3 chunkservers answer from here")
                .contains("its clock agrees with this machine's");
        assertThat(code)
                .as("what is wrong with the machine is no fault of the cell")
                .isLessThan(Action.NOT_READABLE);
    }

    @Test
    void the_doctor_says_for_each_trouble_what_to_do_next() throws IOException {
        assertThat(console.run("setrep", "4", "/a")).isZero();
        assertThat(console.run("doctor")).isEqualTo(Action.NOT_HEALTHY);
        assertThat(console.out())
                .contains("warning: chunks: 1 have too few copies")
                .contains("    next: cairn fsck shows which");
        assertThat(console.run("doctor", "--cell", "127.0.0.1:1")).isEqualTo(Action.NOT_READABLE);
        assertThat(console.out()).contains("broken: cell: ").contains("is its master running");
        assertThat(console.run(
                        "doctor", "--no-cell", "--dir", data.resolve("none").toString()))
                .isEqualTo(Action.NOT_READABLE);
        assertThat(console.out()).contains("is no directory").contains("next: mount its disk, or make it");

        Path fresh = Files.createDirectory(data.resolve("fresh"));
        console.run("doctor", "--no-cell", "--dir", fresh.toString());
        assertThat(console.out()).contains("is a chunk store that no server here serves");
        assertThat(fresh).isEmptyDirectory();
    }
}
