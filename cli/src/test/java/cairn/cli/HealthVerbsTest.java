package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.client.CheckSummary;
import cairn.client.CheckSummary.ServerCheck;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.server.chunk.ChunkServerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
        assertThat(console.out()).startsWith("1 chunk judged");
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
        assertThat(console.out()).containsPattern("rate-per-copy +6\\.25M/s +none");
        assertThat(console.run("report")).isZero();
        assertThat(console.out()).contains("copies-per-server 4 (set)").contains("copies-percent 40%");
        assertThat(console.run("limits", "set", "copies-percent", "30%", "copies-per-server", "default"))
                .isZero();
        assertThat(console.run("report", "--json")).isZero();
        assertThat(console.out()).contains("\"copies-percent\": 30").contains("\"copies-per-server\": 2");
        assertThat(console.run("limits", "set", "rate-per-copy", "1K")).isEqualTo(2);
        assertThat(console.err()).contains("from 1M/s to 1T/s");
        assertThat(console.run("limits", "set", "copies-in-cell", "1.5")).isEqualTo(2);
        assertThat(console.err()).contains("copies-in-cell '1.5': it is a whole number from 1 to 2000");
        assertThat(console.run("limits", "set", "copies-in-cell")).isEqualTo(2);
        assertThat(console.err()).contains("copies-in-cell needs a value behind it: from 1 to 2000, or default");
        assertThat(console.run("limits", "set", "abc")).isEqualTo(2);
        assertThat(console.err()).contains("'abc' is no limit");
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
                .contains("not healthy: 1 chunk with too few copies");
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
        assertThat(console.run("explain", "--json", "s1")).isZero();
        assertThat(console.out()).contains("{\"text\": \"If it died now, every chunk could still be read.\"}");
        assertThat(console.run("explain", "--json", "/a")).isZero();
        assertThat(console.out()).contains("{\"text\": \"Nothing is wrong with it.\"}");
        assertThat(console.run("explain", "/dir")).isZero();
        assertThat(console.out()).as("fsck judges what is in it").doesNotContain("Nothing is wrong");
        assertThat(console.run("explain", "no thing")).isEqualTo(Action.WRONG_USAGE);
        assertThat(console.run("explain", "s9")).isEqualTo(1);
        assertThat(console.run("explain", "0")).isEqualTo(1);
        assertThat(console.err()).contains("chunk 0000000000000000 was never made by any cell");
    }

    @Test
    void all_verbs_name_a_server_in_the_same_way() {
        for (String verb : List.of("explain", "drain", "undrain", "forget", "scrub")) {
            for (String name : List.of("s9", "s01", "s0", "127.0.0.1:1")) {
                assertThat(console.run(verb, name)).as(verb + " " + name).isEqualTo(1);
                assertThat(console.err())
                        .isEqualTo("cairn: " + verb + ": '" + name
                                + "': no chunkserver has that id, address or host; see: cairn report\n");
            }
        }
        assertThat(console.run("drain", "")).isEqualTo(1);
        assertThat(console.err()).startsWith("cairn: drain: '': no chunkserver");
        assertThat(console.run("undrain", "127.0.0.1")).isEqualTo(1);
        assertThat(console.err()).contains("3 chunkservers are on that host; name one by its id");
    }

    @Test
    void a_drain_that_is_blocked_is_told_with_what_is_in_the_way_and_what_to_do() {
        assertThat(console.run("drain", "s2")).isZero();
        assertThat(console.out())
                .startsWith("s2: the drain is blocked, 2 replicas left, ")
                .endsWith("2 chunks want up to 3 copies on other servers, and 2 others can take copies; "
                        + "add a chunkserver or room, lower the goal (cairn setrep), or: cairn undrain s2\n");
        assertThat(console.run("report")).isZero();
        assertThat(console.out()).contains("live, drain blocked").endsWith("not healthy: 1 drain blocked\n");
        assertThat(console.run("explain", "s2")).isZero();
        assertThat(console.out())
                .contains("It is being drained, and that is blocked: 2 replicas are still here; 2 chunks")
                .contains("If it died now, every chunk could still be read.")
                .contains("2 chunks would have fewer copies than wanted; no other server can take what is lacking now");
        assertThat(console.run("drain", "--json", "s2")).isZero();
        assertThat(console.out())
                .startsWith("[")
                .contains("\"replicas\": 2, \"leftBytes\": 26, \"blocked\": \"2 chunks want");
        assertThat(console.run("doctor")).isGreaterThanOrEqualTo(Action.NOT_HEALTHY);
        assertThat(console.out()).containsOnlyOnce("its drain is blocked");
        assertThat(console.run("forget", "--force", "s2")).isEqualTo(1);
        assertThat(console.err()).contains("may be alive").contains("next: cairn drain s2 --wait");
        assertThat(console.run("undrain", "s2")).isZero();
        assertThat(console.out()).isEqualTo("s2: in use again, with 2 replicas left on it\n");
        assertThat(console.run("undrain", "s2")).isZero();
        assertThat(console.out()).isEqualTo("s2: was not being drained; it holds 2 replicas\n");
        assertThat(console.run("report")).isZero();
        assertThat(console.out()).endsWith("\nhealthy\n");
    }

    @Test
    void what_is_scrubbed_is_told_for_each_server_by_name() {
        assertThat(console.run("scrub", "--wait")).isZero();
        assertThat(console.out())
                .containsPattern("s1 at 127.0.0.1:[0-9]+: 2 replicas \\(26\\) verified, 0 found bad")
                .containsPattern("s3 at 127.0.0.1:[0-9]+: 2 replicas \\(26\\) verified, 0 found bad");
        assertThat(console.run("scrub")).isZero();
        assertThat(console.out()).containsPattern("s2 at 127.0.0.1:[0-9]+: 2 replicas \\(26\\) to verify");
        assertThat(console.run("scrub", "--wait", "--json", "/a", "/a")).isZero();
        assertThat(console.out())
                .contains("\"server\": \"s2\"")
                .contains("\"replicas\": 1, \"bytes\": 5, \"done\": true, \"bad\": 0");
    }

    @Test
    void what_makes_no_sense_is_refused_with_what_to_write() {
        assertThat(console.run("fsck", "--show", "-1")).isEqualTo(2);
        assertThat(console.err()).contains("--show -1: write how many");
        assertThat(console.run("fsck", "--show", "x")).isEqualTo(2);
        assertThat(console.err()).contains("'x' is not a whole number");
        assertThat(console.run("report", "--metrics", "--json")).isEqualTo(2);
        assertThat(console.err()).contains("--metrics is a format of its own");
    }

    @Test
    void a_chunkserver_that_is_pointed_at_a_chunkserver_ends_and_says_so() {
        String store = data.resolve("chunkserver-9").toString();
        assertThat(console.run("report", "--json")).isZero();
        Matcher other = Pattern.compile("\"address\": \"([^\"]+)\"").matcher(console.out());
        assertThat(other.find()).isTrue();
        ServerAddress address = ServerAddress.parse(other.group(1));
        assertThatThrownBy(() -> {
                    try (Servers.RunningChunkServer server = Servers.startChunkServer(
                            Worlds.forServers(),
                            ChunkServerOptions.of(List.of(store), address, new ServerAddress("127.0.0.1", 0)))) {
                        server.awaitStopped();
                    }
                })
                .hasMessageContaining(address.toString())
                .hasMessageContaining("a chunkserver does not answer REGISTER; ask the master");
    }

    @Test
    void a_master_whose_port_is_taken_makes_no_cell() throws IOException {
        String taken = cell.address().toString();
        Path fresh = data.resolve("fresh-master");
        assertThat(console.run("master", "--dir", fresh.toString(), "--listen", taken))
                .isEqualTo(1);
        assertThat(console.err()).contains(taken + ": the port is in use");
        try (Stream<Path> files = Files.list(fresh)) {
            assertThat(files.map(file -> file.getFileName().toString()).toList())
                    .isSubsetOf("lock");
        }
    }

    @Test
    void the_doctor_says_the_same_of_several_things_once() {
        assertThat(Finding.merged(List.of(
                        Finding.warning("/a", "is full", "delete"),
                        Finding.ok("x", "fine"),
                        Finding.warning("/b", "is full", "delete"),
                        Finding.warning("/a", "is full", "delete"))))
                .containsExactly(Finding.warning("/a, /b", "is full", "delete"), Finding.ok("x", "fine"));
    }

    @Test
    void a_directory_says_to_which_cell_it_belongs() throws IOException {
        String master = LocalServer.cellOf(data.resolve("master").toString());
        assertThat(master).matches("[0-9a-f]{16}");
        assertThat(LocalServer.cellOf(data.resolve("chunkserver-1").toString())).isEqualTo(master);
        assertThat(LocalServer.cellOf(data.toString())).isEmpty();
        LocalServer up = new LocalServer(1, "up", List.of(data.toString()));
        assertThat(up.isOfAnother(master)).isFalse();
        assertThat(up.isOfAnother("0000000000000001")).isTrue();
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
        if (console.out().contains("1 healthy")) {
            assertThat(console.out())
                    .contains("; the chunk is healthy now\n")
                    .endsWith("not healthy: 1 replica found damaged and mended since\n");
        }
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
    void several_servers_are_drained_and_taken_back_at_once_and_one_that_is_not_there_is_told() {
        assertThat(console.run("drain", "s1", "s9", "s3", "s1")).isEqualTo(1);
        assertThat(console.err()).contains("'s9': no chunkserver has that id");
        assertThat(console.out()).containsOnlyOnce("s1: the drain is blocked").contains("s3: the drain is blocked");
        assertThat(console.run("undrain", "s1", "s3")).isZero();
        assertThat(console.out())
                .isEqualTo(
                        "s1: in use again, with 2 replicas left on it\ns3: in use again, with 2 replicas left on it\n");
    }

    @Test
    void servers_that_are_not_heard_of_are_told_by_a_check_and_a_silent_one_makes_it_unhealthy() {
        ServerCheck silent = server("silent", 4000, 2);
        assertThat(FsckCommand.words(silent))
                .isEqualTo(
                        "silent, heard of 4 s ago; 2 copies count there still, and cannot be read before it is back");
        assertThat(FsckCommand.words(server("dead", 61_000, 0)))
                .isEqualTo("dead, heard of 1 min 1 s ago; no copy there counts");
        assertThat(FsckCommand.words(server("dead", -1, 0)))
                .isEqualTo("dead, not heard of since the master started; no copy there counts");
        SortedMap<String, Long> healthy = new TreeMap<>(Map.of("healthy", 2L));
        FsckCommand.Verdict verdict = new FsckCommand.Verdict(
                new CheckSummary(2, healthy, 0, List.of(silent, server("dead", -1, 0))), List.of(), List.of());
        assertThat(verdict.code()).isEqualTo(Action.NOT_HEALTHY);
        assertThat(verdict.words()).isEqualTo("not healthy: 1 chunkserver silent");
        verdict = new FsckCommand.Verdict(
                new CheckSummary(2, healthy, 0, List.of(server("dead", -1, 0))), List.of(), List.of());
        assertThat(verdict.code()).as("all copies are elsewhere").isZero();
        assertThat(verdict.words()).isEqualTo("healthy");
    }

    private static ServerCheck server(String state, long heardMillisAgo, long silentCopies) {
        return new ServerCheck(new ServerId(1), "h:1", state, heardMillisAgo, silentCopies, 0, 0, List.of());
    }

    @Test
    void a_host_whose_name_reads_as_a_handle_is_a_server_first() throws IOException {
        try (Servers.RunningChunkServer server = Servers.startChunkServer(
                Worlds.forServers(),
                ChunkServerOptions.of(
                        List.of(data.resolve("chunkserver-9").toString()),
                        cell.address(),
                        new ServerAddress("0", 0)))) {
            server.awaitRegistered(System.nanoTime() + 30_000_000_000L);
            assertThat(console.run("explain", "0")).isZero();
            assertThat(console.out()).startsWith("s4 at 0:");
        }
    }

    @Test
    void a_store_of_a_server_that_the_cell_does_not_list_is_not_to_be_started() throws IOException {
        assertThat(LocalServer.serverOf(data.resolve("chunkserver-1").toString()))
                .matches("s[123]");
        assertThat(LocalServer.serverOf(data.toString())).isEmpty();
        String store = data.resolve("chunkserver-1").toString();
        CellDoctor.Locality locality = new CellDoctor.Locality(LocalServer.cellOf(store), Set.of(), Set.of("s7"));
        assertThat(locality.lacks(LocalServer.serverOf(store))).isTrue();
        assertThat(locality.lacks("s7")).isFalse();
        assertThat(CellDoctor.Locality.ANY.lacks("s1")).as("nothing is known").isFalse();
        List<Finding> findings =
                new HostDoctor(locality).look(List.of(data.resolve("master").toString()));
        assertThat(findings)
                .anyMatch(found -> found.about().equals(store)
                        && found.words().contains("which cairn report does not list: it was forgotten")
                        && found.next().startsWith("remove it when cairn fsck is healthy"));
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
                .contains("all have their copies")
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
                .contains("warning: chunks: 1 chunk with too few copies")
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
