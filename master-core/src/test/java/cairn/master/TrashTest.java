package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.wire.proto.EmptyTrashReply;
import cairn.wire.proto.EmptyTrashRequest;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.TrashEntry;
import cairn.wire.proto.UndeleteRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrashTest {
    private static final long HOUR = 3600;

    private final Bench master = new Bench();
    private final Trees trees = new Trees(master);

    private long make(String path) {
        return Bench.reply(master.create(path, false, true), FileStatus.class).getFileId();
    }

    private static String message(Effect effect) {
        return ((Effect.Refuse) effect).message();
    }

    private void pass(long seconds) {
        master.nanos += seconds * Bench.SECOND;
        for (int i = 0; i < 10; i++) {
            master.tick();
        }
    }

    @Test
    void a_tree_that_was_removed_as_a_whole_comes_back_whole() {
        long file = make("/d/e/f");
        make("/d/g");
        master.deleted("/d");
        assertThat(Bench.outcome(trees.undelete("/d"))).isEqualTo("ok");
        assertThat(master.status("/d/e/f").getFileId()).isEqualTo(file);
        assertThat(master.names("/d")).containsExactly("e", "g");
        assertThat(trees.trashPaths("/")).isEmpty();
        assertThat(master.names("/.trash")).isEmpty();
    }

    @Test
    void of_several_the_newest_comes_back_and_an_older_one_by_number_or_time() {
        long[] files = new long[3];
        for (int i = 0; i < 3; i++) {
            files[i] = make("/a");
            master.deleted("/a");
            master.nanos += Bench.SECOND;
        }
        List<TrashEntry> entries = trees.trash("/a", 10);
        assertThat(entries).hasSize(3);
        assertThat(Bench.outcome(trees.undelete("/a"))).isEqualTo("ok");
        assertThat(master.status("/a").getFileId()).isEqualTo(files[2]);
        UndeleteRequest first = UndeleteRequest.newBuilder()
                .setPath("/a")
                .setNumber(entries.getFirst().getNumber())
                .setTo("/old")
                .build();
        assertThat(Bench.outcome(trees.undelete(first))).isEqualTo("ok");
        assertThat(master.status("/old").getFileId()).isEqualTo(files[0]);
        UndeleteRequest second = UndeleteRequest.newBuilder()
                .setPath("/a")
                .setAtMillis(entries.get(1).getDeletedMillis())
                .setTo("/older")
                .build();
        assertThat(Bench.outcome(trees.undelete(second))).isEqualTo("ok");
        assertThat(master.status("/older").getFileId()).isEqualTo(files[1]);
    }

    @Test
    void the_newest_is_told_by_order_even_when_the_clock_stands_still() {
        make("/a");
        make("/b");
        master.rename("/a", "/c", false);
        long later = master.status("/c").getFileId();
        master.rename("/b", "/a", false);
        master.deleted("/a");
        master.rename("/c", "/a", false);
        master.deleted("/a");
        assertThat(Bench.outcome(trees.undelete("/a"))).isEqualTo("ok");
        assertThat(master.status("/a").getFileId()).isEqualTo(later);
    }

    @Test
    void what_is_in_the_way_of_an_undelete_is_named_with_the_next_step() {
        make("/d/f");
        master.deleted("/d/f");
        make("/d/f");
        Effect taken = trees.undelete("/d/f");
        assertThat(Bench.refusal(taken)).isEqualTo(ErrorCode.EXISTS);
        assertThat(message(taken)).contains("/d/f exists already").contains("cairn undelete /d/f --to");
        master.deleted("/d");
        Effect gone = trees.undelete("/d/f");
        assertThat(Bench.refusal(gone)).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(message(gone)).contains("directory /d is gone").contains("cairn undelete /d,");
        Effect inside = trees.undelete("/d/g");
        assertThat(Bench.refusal(inside)).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(message(inside)).contains("/d is, with all that it held: cairn undelete /d");
        assertThat(message(trees.undelete("/nothing"))).isEqualTo("/nothing is not in the trash");
        make("/d");
        assertThat(Bench.refusal(trees.undelete("/d/f"))).isEqualTo(ErrorCode.NOT_DIRECTORY);
        assertThat(master.met).contains(Probe.UNDELETE_PARENT_GONE);
    }

    @Test
    void a_trash_time_holds_for_all_below_and_zero_means_at_once() {
        master.mkdir("/long/short/none", true);
        trees.setTrashSeconds("/long", 10 * HOUR);
        trees.setTrashSeconds("/long/short", HOUR);
        trees.setTrashSeconds("/long/short/none", 0);
        make("/long/short/none/a");
        make("/long/short/b");
        make("/long/x/c");
        make("/d");
        assertThat(master.deleted("/long/short/none/a")).isEmpty();
        assertThat(master.deleted("/long/short/b")).isNotEmpty();
        master.deleted("/long/x/c");
        master.deleted("/d");
        assertThat(trees.trashPaths("/")).containsExactly("/d", "/long/short/b", "/long/x/c");
        pass(HOUR + 1);
        assertThat(trees.trashPaths("/")).containsExactly("/d", "/long/x/c");
        pass(9 * HOUR + 1);
        assertThat(trees.trashPaths("/")).containsExactly("/d");
        pass(3 * 24 * HOUR);
        assertThat(trees.trashPaths("/")).isEmpty();
        assertThat(master.core.image().names().fileCount()).isZero();
    }

    @Test
    void a_directory_that_is_deleted_stays_as_long_as_it_says_itself_and_keeps_its_rules() {
        master.mkdir("/d", false);
        trees.setTrashSeconds("/d", HOUR);
        trees.limitFiles("/d", 5);
        master.deleted("/d");
        assertThat(trees.trash("/", 10).getFirst().getGoneMillis()
                        - trees.trash("/", 10).getFirst().getDeletedMillis())
                .isEqualTo(HOUR * 1000);
        trees.undelete("/d");
        assertThat(trees.rules("/d").getTrashMillis()).isEqualTo(HOUR * 1000);
        assertThat(trees.rules("/d").getItself().getUse().getFilesMax()).isEqualTo(5);
        trees.setTrashSeconds("/d", -1);
        assertThat(trees.rules("/d").getTrashMillis()).isEqualTo(3 * 24 * HOUR * 1000);
    }

    @Test
    void the_trash_is_listed_by_path_in_pages_and_names_beside_are_left_out() {
        for (String path : List.of("/a/x", "/a-1", "/a/y", "/a", "/ab", "/b", "/a/x")) {
            make(path);
            master.deleted(path);
            if (path.equals("/a/y")) {
                master.delete("/a", true, true);
            }
            if (path.equals("/b")) {
                master.mkdir("/a", false);
            }
        }
        assertThat(trees.trash("/a", 2).stream().map(TrashEntry::getPath))
                .containsExactly("/a", "/a/x", "/a/x", "/a/y");
        assertThat(trees.trash("/", 3)).hasSize(7);
        assertThat(trees.trashPaths("/a/x")).containsExactly("/a/x", "/a/x");
        assertThat(trees.trashPaths("/c")).isEmpty();
    }

    @Test
    void emptying_spares_what_is_elsewhere_and_what_was_deleted_since() {
        for (int i = 0; i < 5; i++) {
            make("/a/f" + i);
            trees.write("/a/f" + i, 10);
            master.deleted("/a/f" + i);
        }
        make("/b");
        master.deleted("/b");
        EmptyTrashReply first = trees.empty(
                EmptyTrashRequest.newBuilder().setPath("/a").setLimit(2).build());
        assertThat(first.getEntries()).isEqualTo(2);
        assertThat(first.getFiles()).isEqualTo(2);
        assertThat(first.getBytes()).isEqualTo(20);
        assertThat(first.getMore()).isTrue();
        make("/a/later");
        master.deleted("/a/later");
        EmptyTrashReply rest = trees.empty(EmptyTrashRequest.newBuilder()
                .setPath("/a")
                .setUpTo(first.getUpTo())
                .build());
        assertThat(rest.getEntries()).isEqualTo(3);
        assertThat(rest.getMore()).isFalse();
        assertThat(trees.trashPaths("/")).containsExactly("/a/later", "/b");
    }

    @Test
    void a_repeated_request_empties_nothing_more_and_gets_the_same_figures_even_after_a_restart() {
        EmptyTrashRequest request = EmptyTrashRequest.newBuilder()
                .setPath("/")
                .setId(RequestId.newBuilder().setClient(9).setSequence(1))
                .build();
        EmptyTrashRequest idle = request.toBuilder()
                .setId(RequestId.newBuilder().setClient(9).setSequence(2))
                .build();
        make("/a");
        master.deleted("/a");
        EmptyTrashReply first = trees.empty(request);
        assertThat(trees.empty(idle).getEntries()).isZero();
        make("/b");
        master.deleted("/b");
        assertThat(trees.empty(idle).getEntries()).isZero();
        master.restart();
        assertThat(trees.empty(request)).isEqualTo(first);
        assertThat(trees.trashPaths("/")).containsExactly("/b");
    }

    @Test
    void what_is_moved_or_deleted_out_of_the_trash_by_its_path_there_is_no_entry_any_more() {
        make("/a");
        make("/b");
        String a = master.deleted("/a");
        String b = master.deleted("/b");
        master.rename(a, "/c", false);
        master.delete(b, false, false);
        assertThat(trees.trashPaths("/")).isEmpty();
        pass(4 * 24 * HOUR);
        assertThat(Bench.outcome(master.stat("/c"))).isEqualTo("ok");
    }

    @Test
    void rules_are_for_directories_outside_of_the_trash() {
        make("/f");
        master.deleted("/f");
        make("/f");
        assertThat(Bench.refusal(trees.setTrashSeconds("/f", 1))).isEqualTo(ErrorCode.NOT_DIRECTORY);
        assertThat(Bench.refusal(trees.setTrashSeconds("/.trash", 1))).isEqualTo(ErrorCode.BAD_PATH);
        assertThat(Bench.refusal(trees.setTrashSeconds("/", Long.MAX_VALUE / 1000)))
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(Bench.refusal(trees.limitBytes("/", -2))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(Bench.refusal(trees.limitBytes("/none", 1))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void chunks_are_dropped_within_seconds_after_their_file_has_expired() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        crew.seal();
        crew.pass(1);
        new Trees(crew.master).setTrashSeconds("/", 60);
        crew.master.deleted("/f");
        crew.pass(58);
        assertThat(List.of(1L, 2L, 3L)).allMatch(server -> crew.holds(server, 1));
        crew.away.add(3L);
        crew.pass(5);
        assertThat(List.of(1L, 2L)).noneMatch(server -> crew.holds(server, 1));
        crew.away.clear(); // it was not reachable then: it is told when it reports again
        crew.pass(2);
        assertThat(crew.holds(3, 1)).isFalse();
    }
}
