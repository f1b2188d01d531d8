package cairn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cairn.client.Cairn;
import cairn.client.ClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Every verb, through its command line, against a cell of real sockets and disks in this process. */
final class EmbeddedCellTest {
    @TempDir
    static Path data;

    private static EmbeddedCell cell;

    @TempDir
    Path local;

    private final CapturedConsole console = new CapturedConsole();

    /** A directory of the cell for each test. */
    private String home;

    @BeforeAll
    static void start() throws IOException {
        LogLevel.apply(LogLevel.Level.ERROR);
        cell = EmbeddedCell.start(new EmbeddedCell.Plan(data, 3, 0, 3));
    }

    @AfterAll
    static void stop() throws IOException {
        cell.close();
    }

    @BeforeEach
    void makeHome(TestInfo test) {
        console.variable("CAIRN_CELL", cell.address().toString());
        home = "/" + test.getTestMethod().orElseThrow().getName();
        done("mkdir", home);
    }

    @Test
    void what_was_put_is_what_is_got() throws IOException {
        byte[] bytes = random(5 << 20);
        Path file = Files.write(local.resolve("file"), bytes);
        done("put", file.toString(), home);
        done("get", home + "/file", local.resolve("back").toString());
        assertThat(Files.readAllBytes(local.resolve("back"))).isEqualTo(bytes);
        done("cat", home + "/file");
        assertThat(console.outBytes()).isEqualTo(bytes);
        done("get", home + "/file", "-");
        assertThat(console.outBytes()).isEqualTo(bytes);
        done("ls", home);
        assertThat(console.out()).isEqualTo("file\n");
    }

    @Test
    void put_refuses_an_existing_file_unless_forced() throws IOException {
        Path file = Files.writeString(local.resolve("file"), "new");
        console.input("old");
        done("put", "-", home + "/file");
        failed("put", file.toString(), home + "/file");
        assertThat(console.err()).isEqualTo("cairn: put: " + home + "/file: exists already; -f replaces it\n");
        assertThat(text(home + "/file")).isEqualTo("old");
        done("put", "-f", file.toString(), home + "/file");
        assertThat(text(home + "/file")).isEqualTo("new");
        done("ls", home);
        assertThat(console.out()).isEqualTo("file\n");
    }

    @Test
    void get_refuses_an_existing_file_unless_forced() throws IOException {
        store("file", "cell");
        Path file = Files.writeString(local.resolve("file"), "local");
        failed("get", home + "/file", local.toString());
        assertThat(console.err()).isEqualTo("cairn: get: " + file + ": exists already; -f replaces it\n");
        done("get", "-f", home + "/file", local.toString());
        assertThat(file).hasContent("cell");
        assertThat(list(local)).containsExactly("file");
    }

    @Test
    void put_says_what_is_wrong_with_a_local_file() throws IOException {
        failed("put", local.resolve("none").toString(), home);
        assertThat(console.err()).endsWith("none: no such file or directory\n");
        failed("put", local.toString(), home);
        assertThat(console.err()).endsWith("is a directory; -r copies it with all it holds\n");
        Path file = Files.writeString(local.resolve("file"), "x");
        failed("put", file.toString(), home + "/none/file");
        assertThat(console.err())
                .isEqualTo("cairn: put: " + home + "/none/file: no directory " + home
                        + "/none; make it with: cairn mkdir -p " + home + "/none\n");
        failed("put", file.toString(), file.toString(), home + "/none");
        assertThat(console.err()).contains("is not a directory, and 2 things cannot have one name");
    }

    @Test
    void a_file_that_changes_while_it_is_read_is_not_stored() throws IOException {
        Path file = Files.writeString(local.resolve("file"), "before");
        try (Cairn cairn = Cairn.connect(cell.address());
                Progress progress = new Progress(console.console(), false)) {
            Upload upload = new Upload(cairn, console.console(), progress, new Upload.Rules(false, false, 0));
            // The length is looked at when the copy begins; this one grows before it is read.
            IOException fault = fault(() -> upload.file(file, home + "/file", () -> grow(file)));
            assertThat(fault).isInstanceOf(Failure.class).hasMessageContaining("put it again when it is at rest");
        }
        done("ls", home);
        assertThat(console.out()).isEmpty();
    }

    @Test
    void trees_go_in_and_out_whole() throws IOException {
        Path tree = Files.createDirectories(local.resolve("tree"));
        Files.createDirectories(tree.resolve("a/b/empty"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(tree.resolve(i % 2 == 0 ? "a/f" + i : "a/b/ü" + i), "content " + i);
        }
        done("put", "-r", tree.toString(), home);
        done("get", "-r", home + "/tree", local.resolve("back").toString());
        assertThat(contents(local.resolve("back"))).isEqualTo(contents(tree)).hasSize(24);
        done("cp", "-r", home + "/tree", home + "/copy");
        done("get", "-r", home + "/copy", local.resolve("copied").toString());
        assertThat(contents(local.resolve("copied"))).isEqualTo(contents(tree));
        failed("cp", "-r", home + "/tree", home + "/tree/a");
        assertThat(console.err()).contains("into itself");
        done("du", "-s", home + "/tree");
        assertThat(console.out()).matches("\\s*190\\s+570\\s+20\\s+" + home + "/tree\n");
        done("find", home + "/tree", "-name", "f1*", "-type", "f");
        assertThat(console.out().lines())
                .containsExactly(IntStream.of(10, 12, 14, 16, 18)
                        .mapToObj(i -> home + "/tree/a/f" + i)
                        .toArray(String[]::new));
    }

    @Test
    void listings_show_names_or_everything() {
        store("b", "12345");
        done("mkdir", "-p", home + "/a/sub");
        done("ls", home);
        assertThat(console.out()).isEqualTo("a\nb\n");
        done("ls", "-R", home);
        assertThat(console.out()).isEqualTo(home + "/a\n" + home + "/a/sub\n" + home + "/b\n");
        done("ls", "-l", home);
        assertThat(console.out().lines().toList().get(0)).matches("drwxr-xr-x  -  \\S+  \\S+  0  .* " + home + "/a");
        assertThat(console.out().lines().toList().get(1)).matches("-rw-r--r--  3  \\S+  \\S+  5  .* " + home + "/b");
        done("ls", "--json", home);
        assertThat(console.out())
                .startsWith("[\n{\"path\": \"" + home + "/a\", \"type\": \"directory\"")
                .contains("\"length\": 5, \"replication\": 3, \"mode\": \"644\"")
                .endsWith("\n]\n");
        done("ls", "--json", home + "/a/sub");
        assertThat(console.out()).isEqualTo("[]\n");
        failed("ls", home + "/none");
        assertThat(console.err()).startsWith("cairn: ls: ").contains(home + "/none");
    }

    @Test
    void one_bad_operand_does_not_keep_the_others_back() {
        store("a", "A");
        store("b", "B");
        failed("cat", home + "/a", home + "/none", home + "/b");
        assertThat(console.out()).isEqualTo("AB");
        assertThat(console.err().lines()).hasSize(1);
    }

    @Test
    void each_line_becomes_one_record() {
        console.input("one\ntwo\nthree");
        done("append", "-v", home + "/log");
        assertThat(console.out()).isEqualTo("0\n4\n8\n");
        console.input("\n");
        done("append", home + "/log");
        assertThat(text(home + "/log")).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void a_hundred_thousand_lines_take_seconds_and_stay_in_order() {
        String lines =
                IntStream.range(0, 100_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        console.input(lines);
        long start = System.nanoTime();
        done("append", home + "/log");
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
        assertThat(text(home + "/log")).isEqualTo(lines);
    }

    @Test
    void a_whole_file_becomes_one_record() throws IOException {
        byte[] bytes = random(300_000);
        Path file = Files.write(local.resolve("record"), bytes);
        done("append", "--record-file", file.toString(), "--synced", "-v", home + "/log");
        assertThat(console.out()).isEqualTo("0\n");
        done("cat", home + "/log");
        assertThat(console.outBytes()).isEqualTo(bytes);
        failed(
                "append",
                "--record-file",
                Files.createFile(local.resolve("empty")).toString(),
                home + "/log");
        assertThat(console.err()).contains("is empty; a record has at least one byte");
    }

    @Test
    void head_and_tail_show_the_ends() {
        store("f", IntStream.rangeClosed(1, 30).mapToObj(i -> i + "\n").collect(Collectors.joining()) + "end");
        done("head", "-n", "2", home + "/f");
        assertThat(console.out()).isEqualTo("1\n2\n");
        done("head", "-c", "3", home + "/f");
        assertThat(console.out()).isEqualTo("1\n2");
        done("head", home + "/f");
        assertThat(console.out()).endsWith("\n10\n");
        done("tail", "-n", "2", home + "/f");
        assertThat(console.out()).isEqualTo("30\nend");
        done("tail", "-n", "+30", home + "/f");
        assertThat(console.out()).isEqualTo("30\nend");
        done("tail", "-c", "2", home + "/f");
        assertThat(console.out()).isEqualTo("nd");
        done("tail", "-c", "1K", home + "/f");
        assertThat(console.out()).startsWith("1\n2\n");
        done("tail", home + "/f");
        assertThat(console.out()).startsWith("22\n");
        done("tail", "-n", "0", home + "/f");
        assertThat(console.out()).isEmpty();
    }

    @Test
    void tail_follows_what_is_appended() throws IOException, InterruptedException {
        store("f", "old\n");
        CapturedConsole follower =
                new CapturedConsole().variable("CAIRN_CELL", cell.address().toString());
        Thread.ofPlatform().daemon().start(() -> follower.run("tail", "-f", home + "/f"));
        console.input("new\n");
        done("append", home + "/f");
        for (int i = 0; i < 500 && !follower.out().equals("old\nnew\n"); i++) {
            Thread.sleep(20);
        }
        assertThat(follower.out()).isEqualTo("old\nnew\n");
    }

    @Test
    void bytes_are_written_over_and_files_cut_and_extended() {
        store("f", "0123456789");
        console.input("XY");
        done("write", "--offset", "4", home + "/f");
        assertThat(text(home + "/f")).isEqualTo("0123XY6789");
        console.input("Z");
        done("write", "--offset", "12", "--synced", home + "/f");
        assertThat(text(home + "/f")).isEqualTo("0123XY6789\0\0Z");
        done("truncate", "-s", "5", home + "/f");
        assertThat(text(home + "/f")).isEqualTo("0123X");
        done("truncate", "-w", "6", home + "/f");
        assertThat(text(home + "/f")).isEqualTo("0123X\0");
        console.input("x");
        failed("write", "--offset", "8000000T", home + "/f");
        assertThat(console.err()).contains("the longest a file can be");
        failed("write", "--offset", "0", home + "/none");
        assertThat(console.err()).contains(home + "/none");
    }

    @Test
    void names_move_and_go() {
        store("a", "A");
        store("b", "B");
        done("mkdir", home + "/d");
        done("mv", home + "/a", home + "/b", home + "/d");
        done("ls", "-R", home);
        assertThat(console.out()).isEqualTo(home + "/d\n" + home + "/d/a\n" + home + "/d/b\n");
        failed("mv", home + "/d/a", home + "/d/b");
        done("mv", "-f", home + "/d/a", home + "/d/b");
        assertThat(text(home + "/d/b")).isEqualTo("A");
        failed("rm", home + "/d");
        done("rm", "-r", home + "/d");
        assertThat(console.out()).startsWith("moved " + home + "/d to the trash, number ");
        done("undelete", "--to", home + "/again", home + "/d");
        assertThat(text(home + "/again/b")).isEqualTo("A");
        done("rm", "-r", "-skipTrash", home + "/again");
        assertThat(console.out()).isEmpty();
        failed("rm", home + "/again");
        done("rm", "-f", home + "/again");
    }

    @Test
    void attributes_change() {
        done("touch", home + "/f");
        done("chmod", "600", home + "/f");
        done("chmod", "-R", "g+r", home);
        done("chown", "-R", "alice:staff", home);
        done("setrep", "2", home + "/f");
        done("stat", home + "/f");
        assertThat(console.out()).contains("640 rw-r-----", "alice:staff", "copies    2");
        done("stat", "--json", home + "/f");
        assertThat(console.out()).contains("\"owner\": \"alice\", \"group\": \"staff\"", "\"replication\": 2");
    }

    @Test
    void a_damaged_replica_is_found_by_a_scrub_and_made_anew() throws IOException, InterruptedException {
        store("f", "the bytes that count, and no others");
        done("locate", home + "/f");
        Path damaged = replicaOf(home + "/f");
        byte[] good = Files.readAllBytes(damaged);
        Files.write(damaged, new byte[] {66, 66, 66}, StandardOpenOption.WRITE);
        done("scrub", "--wait", home + "/f");
        assertThat(console.out()).contains("1 found bad").contains("0 found bad");
        assertThat(text(home + "/f")).isEqualTo("the bytes that count, and no others");
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!(Files.exists(damaged) && java.util.Arrays.equals(Files.readAllBytes(damaged), good))) {
            assertThat(System.nanoTime()).as("it is mended by itself").isLessThan(limit);
            Thread.sleep(200);
        }
        done("scrub", "--wait");
        assertThat(console.out().lines()).hasSize(3).allMatch(line -> line.endsWith("0 found bad"));
    }

    /** The file of one replica of a file's only chunk. */
    private Path replicaOf(String path) throws IOException {
        String handle;
        try (Cairn cairn = Cairn.connect(List.of(cell.address()), ClientOptions.DEFAULTS, Worlds.real())) {
            handle = cairn.locate(path).getFirst().handle().toString();
        }
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.getFileName().toString().equals(handle + ".chunk"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void test_answers_with_its_exit_code() {
        store("f", "x");
        done("touch", home + "/empty");
        done("test", "-e", home + "/f");
        done("test", "-f", home + "/f");
        done("test", "-s", home + "/f");
        done("test", "-d", home);
        done("test", "-z", home + "/empty");
        for (String[] line :
                new String[][] {{"-e", "/none"}, {"-d", "/f"}, {"-s", "/empty"}, {"-z", "/f"}, {"-e", "/f/x"}}) {
            assertThat(console.run("test", line[0], home + line[1]))
                    .as(String.join(" ", line))
                    .isEqualTo(1);
            assertThat(console.err()).isEmpty();
        }
        assertThat(console.run("test", "-f", home)).isEqualTo(1);
    }

    @Test
    void the_checksum_is_that_of_the_bytes() {
        store("f", "checked");
        CRC32C sum = new CRC32C();
        sum.update("checked".getBytes(UTF_8));
        done("checksum", home + "/f");
        assertThat(console.out()).isEqualTo("CRC32C:%08x  7  %s/f\n".formatted(sum.getValue(), home));
    }

    @Test
    void chunks_servers_and_space_are_shown() {
        store("f", "x");
        done("locate", home + "/f");
        assertThat(console.out().lines().toList().get(1))
                .matches("\\s*0  [0-9a-f]{16}  .* 1  (sealed|open) .*(s\\d@127.0.0.1:\\d+ ?){3}");
        done("locate", "--json", home + "/f");
        assertThat(console.out()).contains("\"length\": 1", "\"address\": \"127.0.0.1:");
        done("report");
        assertThat(console.out()).contains("live").endsWith("\nhealthy\n");
        done("report", "--json");
        assertThat(console.out()).contains("\"healthy\": true");
        done("df", "-h");
        assertThat(console.out()).startsWith("CELL ");
        done("df", "--json");
        assertThat(console.out()).contains("\"usableBytes\": ");
    }

    @Test
    void a_port_in_use_is_one_line() throws IOException {
        String port = Integer.toString(cell.address().port());
        failed("up", "--dir", local.resolve("other").toString(), "--port", port);
        assertThat(console.err())
                .isEqualTo(
                        "cairn: up: 127.0.0.1:" + port
                                + ": the port is in use, or the address is not this machine's; choose another, or 0 for a free one\n");
        failed("up", "--dir", data.toString(), "--port", "0");
        assertThat(console.err().lines()).hasSize(1);
        failed("up", "--dir", data.toString(), "--chunkservers", "2");
        assertThat(console.err()).contains("has the data of 3 chunkservers");
    }

    @Test
    void what_was_stored_is_there_after_a_restart() throws IOException {
        Path directory = local.resolve("cell");
        try (EmbeddedCell first = EmbeddedCell.start(new EmbeddedCell.Plan(directory, 2, 0, 2))) {
            console.variable("CAIRN_CELL", first.address().toString());
            console.input("kept");
            done("put", "-", "/f");
            console.input("line\n");
            done("append", "/log");
        }
        try (EmbeddedCell second = EmbeddedCell.start(new EmbeddedCell.Plan(directory, 2, 0, 2))) {
            console.variable("CAIRN_CELL", second.address().toString());
            assertThat(text("/f")).isEqualTo("kept");
            assertThat(text("/log")).isEqualTo("line\n");
        }
    }

    @Test
    void what_is_on_disk_can_be_dumped() {
        store("f", "x");
        done("dump", "log", data.resolve("master").toString());
        assertThat(console.out()).contains("what_is_on_disk_can_be_dumped");
        done("dump", "chunk", data.resolve("chunkserver-1").toString());
        assertThat(console.out()).isNotEmpty();
        failed("dump", "log", local.resolve("none").toString());
    }

    private void done(String... line) {
        int code = console.run(line);
        assertThat(console.err()).as(String.join(" ", line)).isEmpty();
        assertThat(code).as(String.join(" ", line)).isZero();
    }

    private void failed(String... line) {
        assertThat(console.run(line)).as(String.join(" ", line)).isEqualTo(1);
        assertThat(console.err()).startsWith("cairn: " + line[0] + ": ").endsWith("\n");
    }

    private void store(String name, String content) {
        console.input(content);
        done("put", "-", home + "/" + name);
    }

    private String text(String path) {
        done("cat", path);
        return console.out();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static void grow(Path file) throws IOException {
        Files.writeString(file, "more", StandardOpenOption.APPEND);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static IOException fault(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("went through");
    }

    private static List<String> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private static List<String> contents(Path top) throws IOException {
        List<String> contents = new ArrayList<>();
        try (var entries = Files.walk(top)) {
            for (Path entry : entries.sorted().toList()) {
                String content = Files.isDirectory(entry) ? "directory" : Files.readString(entry);
                contents.add(top.relativize(entry) + ": " + content);
            }
        }
        return contents;
    }
}
