package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.DeleteReply;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.SetAttributesRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class NamespaceTest {
    private final Bench master = new Bench();

    @Test
    void a_deleted_file_lies_in_the_trash_and_can_be_moved_back() {
        master.create("/a", false, false);
        String trash = master.deleted("/a");
        assertThat(trash).startsWith("/.trash/");
        assertThat(master.names("/")).isEmpty();
        assertThat(Bench.outcome(master.stat("/a"))).isEqualTo("NOT_FOUND");
        assertThat(Bench.outcome(master.rename(trash, "/a", false))).isEqualTo("ok");
        assertThat(master.names("/")).containsExactly("a");
    }

    @Test
    void the_trash_is_hidden_and_kept_by_the_cell() {
        master.create("/a", false, false);
        master.deleted("/a");
        assertThat(master.names("/")).isEmpty();
        assertThat(master.status("/").getEntryCount()).isZero();
        assertThat(master.names("/.trash")).hasSize(1);
        assertThat(Bench.refusal(master.create("/.trash/x", false, false))).isEqualTo(ErrorCode.BAD_PATH);
        assertThat(Bench.refusal(master.mkdir("/.trash/x", true))).isEqualTo(ErrorCode.BAD_PATH);
        assertThat(Bench.refusal(master.delete("/.trash", true, true))).isEqualTo(ErrorCode.BAD_RENAME);
        master.create("/b", false, false);
        assertThat(Bench.refusal(master.rename("/b", "/.trash/b", false))).isEqualTo(ErrorCode.BAD_PATH);
        assertThat(Bench.refusal(master.rename("/.trash", "/bin", false))).isEqualTo(ErrorCode.BAD_RENAME);
    }

    @Test
    void what_has_been_in_the_trash_for_three_days_is_reclaimed_by_ticks() {
        master.create("/d/e/f", false, true);
        master.deleted("/d");
        master.nanos += 4 * 24 * 3600 * Bench.SECOND;
        for (int i = 0; i < 6; i++) {
            master.tick();
        }
        assertThat(master.names("/.trash")).isEmpty();
        assertThat(master.core.image().names().fileCount()).isZero();
        assertThat(master.core.image().names().directoryCount()).isEqualTo(3);
    }

    @Test
    void a_deleted_tree_is_reclaimed_in_bounded_steps() {
        for (int i = 0; i < 3000; i++) {
            master.create("/big/d" + i % 7 + "/f" + i, false, true);
        }
        master.delete("/big", true, true);
        assertThat(Bench.outcome(master.stat("/big"))).isEqualTo("NOT_FOUND");
        long before = master.core.image().names().fileCount();
        master.tick();
        long after = master.core.image().names().fileCount();
        assertThat(before - after).isBetween(1L, 500L);
        for (int i = 0; i < 40; i++) {
            master.tick();
        }
        assertThat(master.core.image().names().fileCount()).isZero();
        assertThat(master.core.image().names().directoryCount()).isEqualTo(3);
    }

    @Test
    void an_overwritten_file_goes_to_the_trash() {
        long first =
                Bench.reply(master.create("/a", false, false), FileStatus.class).getFileId();
        assertThat(Bench.refusal(master.create("/a", false, false))).isEqualTo(ErrorCode.EXISTS);
        long second =
                Bench.reply(master.create("/a", true, false), FileStatus.class).getFileId();
        assertThat(second).isNotEqualTo(first);
        assertThat(master.list("/.trash", "", 10).getEntries(0).getFileId()).isEqualTo(first);
    }

    @Test
    void a_directory_cannot_be_moved_into_itself() {
        master.mkdir("/a/b/c", true);
        assertThat(Bench.refusal(master.rename("/a", "/a/b/d", false))).isEqualTo(ErrorCode.BAD_RENAME);
        assertThat(Bench.refusal(master.rename("/", "/x", false))).isEqualTo(ErrorCode.BAD_RENAME);
        assertThat(Bench.outcome(master.rename("/a/b", "/b", false))).isEqualTo("ok");
        assertThat(Bench.outcome(master.stat("/b/c"))).isEqualTo("ok");
    }

    @Test
    void a_file_inherits_its_goal_from_the_directory() {
        master.mkdir("/d", false);
        master.ask(new MasterInput.SetAttributes(
                master.ticket(),
                SetAttributesRequest.newBuilder()
                        .setPath("/d")
                        .setReplication(5)
                        .build()));
        master.create("/d/sub/f", false, true);
        assertThat(master.status("/d/sub/f").getReplication()).isEqualTo(5);
        master.create("/f", false, false);
        assertThat(master.status("/f").getReplication()).isEqualTo(3);
    }

    @Test
    void a_repeated_request_gets_the_first_answer_even_after_a_restart() {
        master.create("/a", false, false);
        RequestId id = RequestId.newBuilder().setClient(9).setSequence(1).build();
        DeleteReply first = Bench.reply(master.delete("/a", id), DeleteReply.class);
        assertThat(first.getTrashNumber()).isEqualTo(1);
        master.create("/a", false, false);
        master.restart();
        DeleteReply second = Bench.reply(master.delete("/a", id), DeleteReply.class);
        assertThat(second).isEqualTo(first);
        assertThat(Bench.outcome(master.stat("/a"))).isEqualTo("ok");
    }

    @Test
    void names_are_ordered_by_their_utf8_bytes_and_listed_in_pages() {
        List<String> names = List.of("b", "a", "é", "\uD83D\uDE00", "\uFFFD", "aa", "Z", "-");
        names.forEach(name -> master.create("/" + name, false, false));
        List<String> paged = new ArrayList<>();
        String after = "";
        boolean more = true;
        while (more) {
            var page = master.list("/", after, 3);
            page.getEntriesList().forEach(entry -> paged.add(entry.getName()));
            after = paged.getLast();
            more = page.getMore();
        }
        assertThat(paged).containsExactly("-", "Z", "a", "aa", "b", "é", "\uFFFD", "\uD83D\uDE00");
    }

    @Test
    void bad_names_and_numbers_are_refused() {
        assertThat(Bench.refusal(master.create("a", false, false))).isEqualTo(ErrorCode.BAD_PATH);
        assertThat(Bench.refusal(master.create("/a/../b", false, false))).isEqualTo(ErrorCode.BAD_PATH);
        assertThat(Bench.refusal(master.create("/" + "x".repeat(256), false, false)))
                .isEqualTo(ErrorCode.BAD_PATH);
        assertThat(Bench.refusal(master.ask(new MasterInput.Create(
                        master.ticket(),
                        CreateRequest.newBuilder()
                                .setPath("/a")
                                .setReplication(17)
                                .build(),
                        0))))
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(Bench.refusal(master.create("/no/such/parent", false, false)))
                .isEqualTo(ErrorCode.NOT_FOUND);
        master.create("/file", false, false);
        assertThat(Bench.refusal(master.create("/file/x", false, true))).isEqualTo(ErrorCode.NOT_DIRECTORY);
        master.mkdir("/dir/x", true);
        assertThat(Bench.refusal(master.delete("/dir", false, false))).isEqualTo(ErrorCode.NOT_EMPTY);
    }

    /** Paths to ids ("d" for directories), as naively as can be. */
    private static final class Model {
        final TreeMap<String, String> entries = new TreeMap<>(Map.of("/", "d"));

        static String parent(String path) {
            int slash = path.lastIndexOf('/');
            return slash == 0 ? "/" : path.substring(0, slash);
        }

        boolean isDirectory(String path) {
            return "d".equals(entries.get(path));
        }

        String walk(String path) {
            for (String at = parent(path); !at.equals("/"); at = parent(at)) {
                if (entries.containsKey(at) && !isDirectory(at)) {
                    return "NOT_DIRECTORY";
                }
            }
            return "";
        }

        boolean hasChildren(String path) {
            return entries.keySet().stream().anyMatch(other -> other.startsWith(path + "/"));
        }

        String make(String path, String kind, boolean overwrite) {
            String walk = walk(path);
            if (!walk.isEmpty()) {
                return walk;
            }
            if (entries.containsKey(path) && kind.equals("f") && isDirectory(path)) {
                return "IS_DIRECTORY";
            }
            if (entries.containsKey(path) && !(overwrite && kind.equals("f"))) {
                return "EXISTS";
            }
            if (!entries.containsKey(parent(path))) {
                return "NOT_FOUND";
            }
            entries.put(path, kind);
            return "ok";
        }

        String delete(String path, boolean recursive) {
            String walk = walk(path);
            if (!walk.isEmpty()) {
                return walk;
            }
            if (!entries.containsKey(path)) {
                return "NOT_FOUND";
            }
            if (hasChildren(path) && !recursive) {
                return "NOT_EMPTY";
            }
            entries.keySet().removeIf(other -> other.equals(path) || other.startsWith(path + "/"));
            return "ok";
        }

        String rename(String from, String to, boolean overwrite) {
            if (!walk(from).isEmpty() || !entries.containsKey(from)) {
                return walk(from).isEmpty() ? "NOT_FOUND" : walk(from);
            }
            if (to.startsWith(from + "/")) {
                return "BAD_RENAME";
            }
            if (to.equals(from)) {
                return "ok";
            }
            if (!walk(to).isEmpty()) {
                return walk(to);
            }
            if (entries.containsKey(to) && (isDirectory(to) || isDirectory(from) || !overwrite)) {
                return "EXISTS";
            }
            if (!entries.containsKey(parent(to))) {
                return "NOT_FOUND";
            }
            TreeMap<String, String> moved = new TreeMap<>();
            entries.forEach((path, kind) -> {
                if (path.equals(from) || path.startsWith(from + "/")) {
                    moved.put(to + path.substring(from.length()), kind);
                }
            });
            entries.keySet().removeIf(path -> path.equals(from) || path.startsWith(from + "/"));
            entries.putAll(moved);
            return "ok";
        }
    }

    @Test
    void random_operations_end_as_in_the_model_and_after_any_restart() {
        for (long seed = 0; seed < 40; seed++) {
            history(seed);
        }
    }

    private static void history(long seed) {
        Random random = new Random(seed);
        Bench bench = new Bench();
        Model model = new Model();
        for (int i = 0; i < 400; i++) {
            bench.nanos += random.nextInt(1_000_000_000);
            String did = operate(random, bench, model);
            assertThat(did).as("seed %d, operation %d", seed, i).isEmpty();
            if (random.nextInt(50) == 0) {
                bench.tick();
            }
            if (random.nextInt(80) == 0) {
                bench.restart();
            }
        }
        MasterImage live = bench.core.image();
        assertThat(Bench.exported(bench.replayed())).isEqualTo(Bench.exported(live));
        assertThat(Bench.exported(Bench.reloaded(live))).isEqualTo(Bench.exported(live));
        assertThat(paths(bench, "/")).isEqualTo(List.copyOf(model.entries.keySet()));
    }

    /** Empty when master and model agree; otherwise what differs. */
    private static String operate(Random random, Bench bench, Model model) {
        String path = path(random);
        String other = path(random);
        boolean flag = random.nextBoolean();
        String expected;
        String actual;
        switch (random.nextInt(5)) {
            case 0 -> {
                expected = model.make(path, "f", flag);
                actual = Bench.outcome(bench.create(path, flag, false));
            }
            case 1, 2 -> {
                expected = model.make(path, "d", false);
                actual = Bench.outcome(bench.mkdir(path, false));
            }
            case 3 -> {
                expected = model.rename(path, other, flag);
                actual = Bench.outcome(bench.rename(path, other, flag));
            }
            default -> {
                boolean skip = random.nextBoolean();
                expected = model.delete(path, flag);
                actual = Bench.outcome(bench.delete(path, flag, skip));
            }
        }
        return expected.equals(actual) ? "" : path + " " + other + ": " + actual + ", not " + expected;
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(4)));
        }
        return path.toString();
    }

    private static List<String> paths(Bench bench, String directory) {
        TreeMap<String, String> found = new TreeMap<>(Map.of(directory, "d"));
        for (FileStatus entry : bench.list(directory, "", 1000).getEntriesList()) {
            String path = (directory.equals("/") ? "" : directory) + "/" + entry.getName();
            found.put(path, "");
            if (entry.getDirectory()) {
                paths(bench, path).forEach(below -> found.put(below, ""));
            }
        }
        return List.copyOf(found.keySet());
    }
}
