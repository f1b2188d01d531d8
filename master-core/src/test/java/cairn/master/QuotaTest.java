package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.DirectoryUse;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.OpenChunkRequest;
import org.junit.jupiter.api.Test;

final class QuotaTest {
    private static final long CHUNK = 64L << 20;

    private final Bench master = new Bench();
    private final Trees trees = new Trees(master);

    private static String message(Effect effect) {
        return ((Effect.Refuse) effect).message();
    }

    private DirectoryUse use(String path) {
        return master.status(path).getUse();
    }

    @Test
    void a_file_more_than_the_limit_is_refused_with_directory_limit_use_and_the_next_step() {
        master.mkdir("/d/e", true);
        trees.limitFiles("/d", 2);
        master.create("/d/a", false, false);
        master.create("/d/e/b", false, false);
        Effect third = master.create("/d/e/c", false, false);
        assertThat(Bench.refusal(third)).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(message(third))
                .startsWith("/d: its quota of 2 files is reached: 2 are in it")
                .endsWith("cairn quota set --files N /d");
        assertThat(Bench.refusal(master.create("/d/new/c", false, true))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(Bench.outcome(master.stat("/d/new"))).isEqualTo("NOT_FOUND");
        assertThat(Bench.outcome(master.create("/d/a", true, false))).isEqualTo("ok");
        assertThat(Bench.outcome(master.mkdir("/d/f", false))).isEqualTo("ok");
        assertThat(use("/d").getFiles()).isEqualTo(2);
    }

    @Test
    void the_strictest_of_nested_quotas_holds() {
        master.mkdir("/d/e", true);
        trees.limitFiles("/d", 2);
        trees.limitFiles("/d/e", 10);
        master.create("/d/e/a", false, false);
        master.create("/d/e/b", false, false);
        assertThat(message(master.create("/d/e/c", false, false))).startsWith("/d: ");
        trees.limitFiles("/d", 100);
        trees.limitFiles("/d/e", 2);
        assertThat(message(master.create("/d/e/c", false, false))).startsWith("/d/e: ");
        assertThat(Bench.outcome(master.create("/d/c", false, false))).isEqualTo("ok");
    }

    @Test
    void what_is_deleted_does_not_count_and_counts_again_when_it_comes_back() {
        master.mkdir("/d", false);
        trees.limitFiles("/", 1);
        trees.limitBytes("/d", 100);
        master.create("/d/a", false, false);
        trees.write("/d/a", 100);
        master.deleted("/d/a");
        assertThat(use("/").getFiles()).isZero();
        assertThat(use("/d").getBytes()).isZero();
        master.create("/d/b", false, false);
        trees.write("/d/b", 1);
        assertThat(message(trees.undelete("/d/a")))
                .startsWith("/d: its quota of 100 bytes is reached: 1 are in it, 100");
        trees.limitBytes("/d", 101);
        assertThat(message(trees.undelete("/d/a"))).startsWith("/: its quota of 1 files");
        master.deleted("/d/b");
        assertThat(Bench.outcome(trees.undelete("/d/a"))).isEqualTo("ok");
        assertThat(use("/d").getBytes()).isEqualTo(100);
    }

    @Test
    void a_tree_is_moved_into_a_quota_only_if_it_fits_and_freely_below_one() {
        master.create("/src/t/a", false, true);
        master.create("/src/t/b", false, true);
        trees.write("/src/t/a", 60);
        master.mkdir("/dst/sub", true);
        trees.limitBytes("/dst", 50);
        assertThat(Bench.refusal(master.rename("/src/t", "/dst/t", false))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        trees.limitBytes("/dst", 60);
        assertThat(Bench.outcome(master.rename("/src/t", "/dst/t", false))).isEqualTo("ok");
        assertThat(use("/dst").getBytes()).isEqualTo(60);
        assertThat(use("/src").getFiles()).isZero();
        assertThat(Bench.outcome(master.rename("/dst/t", "/dst/sub/t", false))).isEqualTo("ok");
        trees.limitBytes("/dst", 10);
        assertThat(Bench.outcome(master.rename("/dst/sub/t", "/dst/t", false))).isEqualTo("ok");
        assertThat(Bench.outcome(master.rename("/dst/t", "/t", false))).isEqualTo("ok");
        assertThat(use("/dst").getBytes()).isZero();
    }

    @Test
    void a_file_that_replaces_another_needs_room_for_the_difference_only() {
        master.create("/d/old", false, true);
        trees.write("/d/old", 90);
        master.create("/new", false, false);
        trees.write("/new", 95);
        trees.limitBytes("/d", 100);
        trees.limitFiles("/d", 1);
        assertThat(Bench.outcome(master.rename("/new", "/d/old", true))).isEqualTo("ok");
        assertThat(use("/d").getBytes()).isEqualTo(95);
        assertThat(use("/d").getFiles()).isEqualTo(1);
    }

    @Test
    void an_undelete_by_rename_out_of_the_trash_needs_room_too() {
        master.create("/d/a", false, true);
        trees.limitFiles("/d", 1);
        String trash = master.deleted("/d/a");
        master.create("/d/b", false, true);
        assertThat(Bench.refusal(master.rename(trash, "/d/a", false))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    }

    @Test
    void a_new_chunk_is_refused_when_no_byte_is_left_and_an_open_one_counts_when_it_is_sealed() {
        Crew crew = new Crew(3);
        Trees own = new Trees(crew.master);
        own.limitBytes("/", 10);
        crew.writtenChunk();
        assertThat(crew.master.status("/").getUse().getBytes()).isZero();
        FileStatus second = Bench.reply(crew.master.create("/g", false, false), FileStatus.class);
        crew.seal();
        assertThat(crew.master.status("/").getUse().getBytes()).isEqualTo(10);
        Effect refused = crew.master.ask(new MasterInput.AddChunk(
                crew.master.ticket(),
                AddChunkRequest.newBuilder().setFileId(second.getFileId()).build(),
                5));
        assertThat(Bench.refusal(refused)).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        own.limitBytes("/", 11);
        crew.master.take(new MasterInput.AddChunk(
                crew.master.ticket(),
                AddChunkRequest.newBuilder().setFileId(second.getFileId()).build(),
                5));
        assertThat(crew.master.core.image().openChunkCount()).isEqualTo(1);
        assertThat(crew.master.met).contains(Probe.QUOTA_OF_BYTES_EXCEEDED);
    }

    @Test
    void a_sealed_chunk_is_opened_again_only_if_there_is_room_or_it_becomes_no_longer() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        crew.seal();
        crew.pass(1);
        new Trees(crew.master).limitBytes("/", 10);
        OpenChunkRequest open = OpenChunkRequest.newBuilder()
                .setFileId(crew.master.status("/f").getFileId())
                .setHandle(1)
                .setForMutation(true)
                .build();
        assertThat(Bench.refusal(crew.master.ask(new MasterInput.OpenChunk(crew.master.ticket(), open))))
                .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        crew.master.take(new MasterInput.OpenChunk(
                crew.master.ticket(), open.toBuilder().setNoLonger(true).build()));
        crew.obey();
        assertThat(crew.chunk().sealed()).isFalse();
        assertThat(crew.master.status("/").getUse().getBytes())
                .as("as it was last sealed")
                .isEqualTo(10);
    }

    @Test
    void limits_below_the_use_are_allowed_shown_and_let_nothing_more_in() {
        master.create("/d/e/a", false, true);
        trees.write("/d/e/a", 3 * CHUNK);
        trees.limitBytes("/d", CHUNK);
        trees.limitFiles("/", 7);
        var rules = trees.rules("/d/e");
        assertThat(rules.getItself().getUse().getBytes()).isEqualTo(3 * CHUNK);
        assertThat(rules.getAboveList()).extracting(above -> above.getPath()).containsExactly("/d", "/");
        assertThat(rules.getAbove(0).getUse().getBytesMax()).isEqualTo(CHUNK);
        assertThat(trees.rules("/").getBelowList())
                .extracting(below -> below.getPath())
                .containsExactly("/d");
        master.create("/b", false, false);
        trees.write("/b", 1);
        assertThat(Bench.refusal(master.rename("/b", "/d/b", false))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        trees.limitBytes("/d", -1);
        assertThat(trees.rules("/").getBelowList()).isEmpty();
    }

    @Test
    void an_existing_file_is_opened_whatever_the_quota() {
        master.create("/d/a", false, true);
        trees.limitFiles("/d", 0);
        Effect opened = master.ask(new MasterInput.Create(
                master.ticket(),
                CreateRequest.newBuilder().setPath("/d/a").setOpenExisting(true).build(),
                0));
        assertThat(Bench.outcome(opened)).isEqualTo("ok");
    }
}
