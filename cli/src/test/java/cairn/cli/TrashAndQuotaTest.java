package cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of trash and quotas, through their command lines, against a cell of real sockets and disks in this process. */
final class TrashAndQuotaTest {
    @TempDir
    static Path data;

    private static EmbeddedCell cell;

    private final CapturedConsole console = new CapturedConsole();
    private String home;

    @BeforeAll
    static void start() throws IOException {
        LogLevel.apply(LogLevel.Level.ERROR);
        cell = EmbeddedCell.start(new EmbeddedCell.Plan(data, 2, 0, 2));
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
    void what_rm_took_comes_back_with_its_bytes() {
        done("mkdir", home + "/d");
        store("d/f", "kept");
        store("d/g", "too");
        done("rm", "-r", home + "/d");
        done("undelete", home + "/d");
        assertThat(console.out()).isEqualTo("brought back " + home + "/d\n");
        assertThat(text(home + "/d/f")).isEqualTo("kept");
        assertThat(text(home + "/d/g")).isEqualTo("too");
    }

    @Test
    void of_several_one_is_chosen_by_number_and_brought_back_elsewhere() {
        for (String content : List.of("one", "two", "three")) {
            store("f", content);
            done("rm", home + "/f");
        }
        done("trash", "ls", home);
        List<String> lines = console.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.getFirst()).matches("NUMBER +DELETED +KEPT UNTIL +FILES +SIZE +PATH");
        String number = lines.get(1).strip().split(" ")[0];
        done("undelete", "--number", number, "--to", home + "/first", home + "/f");
        assertThat(text(home + "/first")).isEqualTo("one");
        done("undelete", home + "/f");
        assertThat(text(home + "/f")).isEqualTo("three");
        failed("undelete", home + "/f");
        assertThat(console.err()).contains("exists already; move it away, or: cairn undelete");
        failed("undelete", "--at", "2001-01-01 00:00", home + "/f");
        assertThat(console.err()).contains("is not in the trash from then; see: cairn trash ls");
        wrong("undelete", "--at", "yesterday", home + "/f");
        wrong("undelete", "--to", "/x", home + "/f", home + "/g");
    }

    @Test
    void rm_says_the_command_that_brings_back_just_what_it_took() {
        store("f x", "first");
        done("rm", home + "/f x");
        assertThat(console.out())
                .matches("moved (.*) to the trash, number ([0-9]+); back with: cairn undelete --number \\2 '\\1'\n");
        String number = console.out().replaceAll("(?s).*number ([0-9]+);.*", "$1");
        store("f x", "second");
        done("rm", home + "/f x");
        done("undelete", "--number", number, home + "/f x");
        assertThat(text(home + "/f x")).isEqualTo("first");
        for (String wrong : List.of("-1", "0", "x")) {
            wrong("undelete", "--number", wrong, home + "/f x");
            assertThat(console.err()).containsAnyOf("write one that cairn trash ls shows", "'x' is not a whole number");
        }
    }

    @Test
    void a_snapshot_of_something_onto_itself_is_refused() {
        store("f", "1");
        failed("snapshot", home + "/f", home + "/f");
        assertThat(console.err()).contains(home + "/f cannot be cloned onto itself");
    }

    @Test
    void the_trash_is_listed_for_programs_and_emptied() {
        store("f", "12345");
        done("rm", home + "/f");
        done("trash", "ls", "--json", home);
        assertThat(console.out())
                .contains("\"path\": \"" + home + "/f\"", "\"files\": 1", "\"bytes\": 5", "\"keptUntil\": \"");
        done("trash", "empty", home);
        assertThat(console.out()).isEqualTo("gave up 1 entry with 1 file, 5\n");
        store("g", "1234567");
        done("rm", home + "/g");
        done("trash", "empty", "--json", home);
        assertThat(console.out())
                .isEqualTo("{\"path\": \"" + home + "\", \"entries\": 1, \"files\": 1, \"bytes\": 7}\n");
        done("trash", "ls", home);
        assertThat(console.out()).isEqualTo("nothing of " + home + " is in the trash\n");
        failed("trash", "empty", home);
        assertThat(console.err()).contains("nothing of " + home + " is in the trash");
        done("trash", "ls", "--json", home);
        assertThat(console.out()).isEqualTo("[]\n");
    }

    @Test
    void a_trash_time_is_set_shown_inherited_and_zero_keeps_nothing() {
        done("mkdir", home + "/sub");
        done("trash", "time", home, "2h");
        assertThat(console.out()).isEqualTo(home + ": kept for 2 h 0 min, set here\n");
        done("trash", "time", home + "/sub");
        assertThat(console.out()).isEqualTo(home + "/sub: kept for 2 h 0 min, set for " + home + "\n");
        done("trash", "time", home + "/sub", "0");
        assertThat(console.out()).isEqualTo(home + "/sub: nothing is kept, set here\n");
        store("sub/f", "x");
        done("rm", home + "/sub/f");
        assertThat(console.out()).isEmpty();
        failed("undelete", home + "/sub/f");
        done("trash", "time", home, "inherit");
        assertThat(console.out()).isEqualTo(home + ": kept for 3 d 0 h, as everywhere in the cell\n");
        wrong("trash", "time", home, "soon");
        wrong("trash", "time", home, "-3d");
        assertThat(console.err()).contains("'-3d' is negative");
        wrong("trash", "time", home, "99999999999d");
        assertThat(console.err()).contains("'99999999999d' is too long: times end at 36525d");
        wrong("trash", "time");
        wrong("trash", "burn");
        failed("trash", "time", home + "/none", "1d");
    }

    @Test
    void a_quota_is_enforced_shown_everywhere_and_cleared() {
        done("quota", "set", "--bytes", "5", "--files", "2", home);
        store("f", "12345");
        done("quota", "show", home);
        assertThat(console.out())
                .matches("BYTES +OF +FILES +OF +DIRECTORY\n +5 +5 +1 +2 +" + home + " {2}\\(full\\)\n");
        console.input("more");
        failed("put", "-", home + "/g");
        assertThat(console.err()).contains(home + ": its quota of 5 bytes is reached: 5 are in it");
        done("du", "-s", home);
        assertThat(console.out()).matches("\\s*5 +10 +1 +" + home + " +quota 5 bytes, 2 files\n");
        done("du", "-s", "--json", home);
        assertThat(console.out()).contains("\"bytesMax\": 5, \"filesMax\": 2");
        done("stat", home);
        assertThat(console.out()).contains("5 bytes, 2 files");
        done("report", "--json");
        assertThat(console.out()).containsPattern("\"quotasFull\": [1-9]");
        done("quota", "set", "--bytes", "none", home);
        store("g", "more");
        done("touch", home + "/f");
        failed("touch", home + "/h");
        assertThat(console.err()).contains("quota of 2 files is reached").contains("cairn quota set --files N " + home);
        done("rm", home + "/f");
        done("touch", home + "/h");
        done("quota", "clear", home);
        done("quota", "show", "--json", home);
        assertThat(console.out()).doesNotContain("filesMax");
        wrong("quota", "set", home);
        wrong("quota", "clear", "--bytes", "5", home);
        wrong("quota", "clear");
        wrong("quota", "set", "--files", "many", home);
        wrong("quota", "set", "--bytes", "99E", home);
        assertThat(console.err()).contains("--bytes '99E' is too large: sizes end below 8E, or none");
        wrong("quota", "set", "--files", "9999999999999999999", home);
        assertThat(console.err()).contains("is too large");
        wrong("quota", "show", "--bogus");
        wrong("quota", "show", "--bytes", "5", home);
    }

    @Test
    void a_file_in_a_full_directory_may_be_overwritten_in_place_and_cut_but_not_grow() {
        store("f", "12345");
        done("quota", "set", "--bytes", "5", home);
        console.input("54");
        done("write", "--offset", "0", home + "/f");
        assertThat(text(home + "/f")).isEqualTo("54345");
        done("truncate", "-s", "2", home + "/f");
        assertThat(text(home + "/f")).isEqualTo("54");
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

    private void wrong(String... line) {
        assertThat(console.run(line)).as(String.join(" ", line)).isEqualTo(2);
    }

    private void store(String name, String content) {
        console.input(content);
        done("put", "-", home + "/" + name);
    }

    private String text(String path) {
        done("cat", path);
        return console.out();
    }
}
