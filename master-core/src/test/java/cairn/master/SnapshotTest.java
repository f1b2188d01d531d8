package cairn.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.proof.Probe;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.LocateReply;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.SetAttributesRequest;
import cairn.wire.proto.SnapshotReply;
import cairn.wire.proto.SnapshotRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GFS 3.4 at the master: what a snapshot waits for, what shares chunks afterwards, and when a chunk is copied. */
class SnapshotTest {
    private final Crew crew = new Crew(4);
    private final Bench master = crew.master;
    private long sequence;

    SnapshotTest() {
        crew.seals = true;
    }

    // ---- in words

    private MasterInput.Snapshot snapshotRequest(String from, String to) {
        RequestId id =
                RequestId.newBuilder().setClient(9).setSequence(++sequence).build();
        return new MasterInput.Snapshot(
                master.ticket(),
                SnapshotRequest.newBuilder().setId(id).setFrom(from).setTo(to).build());
    }

    private Effect snapshot(String from, String to) {
        MasterInput.Snapshot request = snapshotRequest(from, to);
        master.take(request);
        crew.obey();
        return master.answers.get(request.ticket());
    }

    private void snapshotDone(String from, String to) {
        SnapshotReply reply = Bench.reply(snapshot(from, to), SnapshotReply.class);
        assertTrue(reply.getDone());
    }

    private long file(String path) {
        Effect made = master.create(path, false, true);
        return Bench.reply(made, FileStatus.class).getFileId();
    }

    private Effect add(long file, long after) {
        long ticket = master.ticket();
        AddChunkRequest request =
                AddChunkRequest.newBuilder().setFileId(file).setAfter(after).build();
        master.take(new MasterInput.AddChunk(ticket, request, 5));
        crew.obey();
        return master.answers.get(ticket);
    }

    private long writtenFile(String path) {
        long file = file(path);
        add(file, 0);
        return file;
    }

    private MasterInput.OpenChunk openRequest(long file, long handle) {
        return new MasterInput.OpenChunk(
                master.ticket(),
                OpenChunkRequest.newBuilder()
                        .setFileId(file)
                        .setHandle(handle)
                        .setForMutation(true)
                        .build());
    }

    private Effect open(long file, long handle) {
        MasterInput.OpenChunk request = openRequest(file, handle);
        master.take(request);
        crew.obey();
        return master.answers.get(request.ticket());
    }

    private List<ChunkLocation> chunks(String path) {
        return Bench.reply(
                        master.ask(new MasterInput.Locate(
                                master.ticket(),
                                LocateRequest.newBuilder()
                                        .setPath(path)
                                        .setCount(10)
                                        .build())),
                        LocateReply.class)
                .getChunksList();
    }

    private long handle(String path, int index) {
        return chunks(path).get(index).getHandle();
    }

    private FileStatus stat(String path) {
        return Bench.reply(master.stat(path), FileStatus.class);
    }

    private Chunk chunk(long handle) {
        return master.core.image().chunk(new ChunkHandle(handle));
    }

    /** The image survives a replay of the log and a checkpoint, to the byte. */
    private void assertKept() {
        List<String> now = Bench.exported(master.core.image());
        assertEquals(now, Bench.exported(master.replayed()), "a replayed log");
        assertEquals(now, Bench.exported(Bench.reloaded(master.core.image())), "a checkpoint");
    }

    // ---- what is cloned

    @Test
    void a_snapshot_of_a_tree_has_the_same_entries_and_shares_every_chunk() {
        writtenFile("/a/x/one");
        writtenFile("/a/y/two");
        file("/a/empty");
        snapshotDone("/a", "/b");
        for (String below : List.of("/x/one", "/y/two")) {
            assertEquals(handle("/a" + below, 0), handle("/b" + below, 0));
            assertEquals(10, stat("/b" + below).getLength());
            assertNotEquals(stat("/a" + below).getFileId(), stat("/b" + below).getFileId());
        }
        assertEquals(0, stat("/b/empty").getChunkCount());
        assertEquals(2, master.core.image().chunkCount());
        assertKept();
    }

    @Test
    void attributes_are_those_of_the_originals() {
        long file = writtenFile("/a/one");
        master.ask(new MasterInput.SetAttributes(
                master.ticket(),
                SetAttributesRequest.newBuilder()
                        .setPath("/a/one")
                        .setMode(0600)
                        .setOwner("eve")
                        .setReplication(2)
                        .setModifiedMillis(77)
                        .build()));
        snapshotDone("/a", "/b");
        Inode clone = master.core.image().names().find(new FileId(stat("/b/one").getFileId()));
        Inode original = master.core.image().names().find(new FileId(file));
        assertEquals(original.attributes(), clone.attributes());
    }

    @Test
    void every_open_chunk_is_sealed_first_and_writers_wait_for_the_end() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        crew.seals = false;
        MasterInput.Snapshot request = snapshotRequest("/a", "/b");
        master.take(request);
        assertFalse(master.answers.containsKey(request.ticket()), "the chunk is open");
        crew.obey();
        crew.seal(new ChunkHandle(handle));
        assertTrue(Bench.reply(master.answers.get(request.ticket()), SnapshotReply.class)
                .getDone());
        assertTrue(chunk(handle).sealed());
        assertEquals(handle, handle("/b/one", 0));
        assertEquals(1, stat("/a/one").getChunkCount());
        assertEquals(file, stat("/a/one").getFileId());
    }

    @Test
    void a_writer_of_the_tree_is_served_after_the_clone_and_its_bytes_are_not_in_it() {
        long sealed = writtenFile("/a/sealed");
        long sealedHandle = handle("/a/sealed", 0);
        crew.seal(new ChunkHandle(sealedHandle));
        writtenFile("/a/open");
        crew.seals = false;
        MasterInput.Snapshot request = snapshotRequest("/a", "/b");
        master.take(request);
        MasterInput.OpenChunk write = openRequest(sealed, sealedHandle);
        master.take(write);
        crew.obey();
        assertFalse(master.answers.containsKey(write.ticket()), "it is held");
        crew.seal(new ChunkHandle(handle("/a/open", 0)));
        assertTrue(master.answers.containsKey(request.ticket()));
        crew.obey();
        ChunkLocation opened = Bench.reply(master.answers.get(write.ticket()), ChunkLocation.class);
        assertTrue(opened.getLed());
        assertNotEquals(opened.getHandle(), handle("/b/sealed", 0), "the clone has a chunk of its own");
        assertTrue(chunk(handle("/b/sealed", 0)).sealed());
    }

    @Test
    void a_writer_elsewhere_waits_for_nothing() {
        writtenFile("/a/one");
        long other = writtenFile("/other");
        long handle = handle("/other", 0);
        crew.seal(new ChunkHandle(handle));
        crew.seals = false;
        master.take(snapshotRequest("/a", "/b"));
        assertEquals("ok", Bench.outcome(open(other, handle)));
    }

    @Test
    void what_is_moved_into_the_tree_while_it_is_sealed_is_sealed_and_cloned_too() {
        writtenFile("/a/one");
        writtenFile("/two");
        crew.seals = false;
        MasterInput.Snapshot request = snapshotRequest("/a", "/b");
        master.take(request);
        crew.obey();
        master.rename("/two", "/a/two", false);
        crew.seals = true;
        crew.seal(new ChunkHandle(handle("/a/one", 0)));
        crew.obey();
        assertTrue(master.answers.containsKey(request.ticket()));
        assertEquals(handle("/a/two", 0), handle("/b/two", 0));
        assertKept();
    }

    @Test
    void a_snapshot_that_cannot_be_completed_lets_writers_go_on() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        crew.seals = false;
        MasterInput.Snapshot request = snapshotRequest("/a", "/b");
        master.take(request);
        MasterInput.AddChunk add = new MasterInput.AddChunk(
                master.ticket(), AddChunkRequest.newBuilder().setFileId(file).build(), 5);
        master.take(add);
        crew.pass(1.4);
        SnapshotReply early = Bench.reply(master.answers.get(request.ticket()), SnapshotReply.class);
        assertFalse(early.getDone());
        assertEquals(1, early.getOpen());
        MasterInput.Snapshot again = new MasterInput.Snapshot(master.ticket(), request.request());
        for (int i = 0; i < 20 && !(master.answers.get(again.ticket()) instanceof Effect.Refuse); i++) {
            again = new MasterInput.Snapshot(master.ticket(), request.request());
            master.take(again);
            crew.pass(1);
        }
        assertEquals(ErrorCode.NO_REPLICA, Bench.refusal(master.answers.get(again.ticket())));
        assertTrue(master.answers.containsKey(add.ticket()), "the writer was answered");
        assertFalse(chunk(handle).sealed());
        assertTrue(master.met.contains(Probe.SNAPSHOT_GIVEN_UP));
    }

    @Test
    void a_repeated_request_joins_the_running_snapshot_and_later_gets_the_same_answer() {
        writtenFile("/a/one");
        crew.seals = false;
        MasterInput.Snapshot first = snapshotRequest("/a", "/b");
        master.take(first);
        MasterInput.Snapshot second = new MasterInput.Snapshot(master.ticket(), first.request());
        master.take(second);
        crew.obey();
        crew.seal(new ChunkHandle(handle("/a/one", 0)));
        for (MasterInput.Snapshot each : List.of(first, second)) {
            assertTrue(Bench.reply(master.answers.get(each.ticket()), SnapshotReply.class)
                    .getDone());
        }
        master.restart();
        MasterInput.Snapshot third = new MasterInput.Snapshot(master.ticket(), first.request());
        assertTrue(Bench.reply(master.ask(third), SnapshotReply.class).getDone());
        assertEquals(1, master.core.image().chunkCount());
    }

    // ---- refusals

    @Test
    void the_destination_must_be_free_and_outside_of_the_source() {
        writtenFile("/a/one");
        writtenFile("/c");
        assertEquals(ErrorCode.EXISTS, Bench.refusal(snapshot("/a", "/c")));
        assertEquals(ErrorCode.EXISTS, Bench.refusal(snapshot("/a/one", "/a")));
        assertEquals(ErrorCode.BAD_RENAME, Bench.refusal(snapshot("/a", "/a/b")));
        assertEquals(ErrorCode.BAD_RENAME, Bench.refusal(snapshot("/", "/b")));
        assertEquals(ErrorCode.NOT_FOUND, Bench.refusal(snapshot("/none", "/b")));
        assertEquals(ErrorCode.NOT_FOUND, Bench.refusal(snapshot("/a", "/none/b")));
        assertEquals(ErrorCode.NOT_DIRECTORY, Bench.refusal(snapshot("/a", "/c/b")));
        assertEquals(ErrorCode.BAD_PATH, Bench.refusal(snapshot("/a", "/.trash/b")));
        assertEquals("ok", Bench.outcome(snapshot("/a/one", "/a/two")));
    }

    @Test
    void a_destination_that_is_made_meanwhile_is_not_replaced() {
        writtenFile("/a/one");
        crew.seals = false;
        MasterInput.Snapshot request = snapshotRequest("/a", "/b");
        master.take(request);
        crew.obey();
        file("/b");
        crew.seal(new ChunkHandle(handle("/a/one", 0)));
        assertEquals(ErrorCode.EXISTS, Bench.refusal(master.answers.get(request.ticket())));
        assertFalse(master.core.image().isShared(new ChunkHandle(handle("/a/one", 0))));
        assertTrue(master.met.contains(Probe.SNAPSHOT_OVERTAKEN));
    }

    // ---- the first change

    @Test
    void the_first_to_write_keeps_the_chunk_and_all_others_get_an_equal_one() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        snapshotDone("/a", "/b");
        snapshotDone("/b", "/c");
        ChunkLocation opened = Bench.reply(open(file, handle), ChunkLocation.class);
        assertEquals(handle, opened.getHandle());
        assertTrue(opened.getLed());
        long fork = handle("/b/one", 0);
        assertNotEquals(handle, fork);
        assertEquals(fork, handle("/c/one", 0));
        assertEquals(handle, handle("/a/one", 0));
        assertEquals(3, chunks("/b/one").getFirst().getMembersCount(), "each server copied its own");
        assertEquals(10, stat("/b/one").getLength());
        assertTrue(master.core.image().isShared(new ChunkHandle(fork)));
        assertFalse(master.core.image().isShared(new ChunkHandle(handle)));
        assertKept();
    }

    @Test
    void a_client_of_the_other_file_that_knows_the_old_handle_is_led_to_the_fork() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        snapshotDone("/a", "/b");
        long clone = stat("/b/one").getFileId();
        assertEquals(
                handle, Bench.reply(open(clone, handle), ChunkLocation.class).getHandle());
        long fork = handle("/a/one", 0);
        assertNotEquals(handle, fork);
        ChunkLocation led = Bench.reply(open(file, handle), ChunkLocation.class);
        assertEquals(fork, led.getHandle());
        assertEquals(handle, led.getOrigin());
        assertEquals(1, crew.forks.stream().map(Effect.Fork::chunk).distinct().count(), "it has it alone already");
    }

    @Test
    void a_fork_that_too_few_servers_can_make_changes_nothing() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        crew.full.addAll(List.of(1L, 2L, 3L, 4L));
        snapshotDone("/a", "/b");
        assertEquals(ErrorCode.NO_REPLICA, Bench.refusal(open(file, handle)));
        assertEquals(handle, handle("/b/one", 0));
        assertTrue(chunk(handle).sealed());
        crew.full.clear();
        assertEquals("ok", Bench.outcome(open(file, handle)));
        assertNotEquals(handle, handle("/b/one", 0));
        assertKept();
    }

    @Test
    void one_server_that_cannot_copy_is_made_up_for_by_repair() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        snapshotDone("/a", "/b");
        crew.full.add(chunk(handle).sealed() ? holder(handle) : 0);
        assertEquals("ok", Bench.outcome(open(file, handle)));
        assertEquals(2, chunks("/b/one").getFirst().getMembersCount());
        crew.pass(30);
        assertEquals(3, chunks("/b/one").getFirst().getMembersCount());
    }

    private long holder(long handle) {
        for (long server = 1; server <= 4; server++) {
            if (crew.holds(server, handle)) {
                return server;
            }
        }
        throw new AssertionError("nobody holds it");
    }

    @Test
    void copies_of_a_fork_that_a_restart_forgot_are_dropped() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        snapshotDone("/a", "/b");
        MasterInput.OpenChunk write = openRequest(file, handle);
        master.take(write);
        List<Effect.Fork> ordered = master.effects.stream()
                .filter(Effect.Fork.class::isInstance)
                .map(Effect.Fork.class::cast)
                .toList();
        assertEquals(3, ordered.size());
        long fork = ordered.getFirst().chunk().value();
        crew.obeyAfterRestart(ordered);
        for (long server = 1; server <= 4; server++) {
            crew.register(server);
        }
        crew.pass(5);
        for (long server = 1; server <= 4; server++) {
            assertFalse(crew.holds(server, fork), "s" + server + " keeps garbage");
        }
        assertEquals(handle, handle("/b/one", 0));
        assertEquals("ok", Bench.outcome(open(file, handle)));
        assertNotEquals(fork, handle("/b/one", 0), "handles are never used twice");
        assertTrue(master.met.contains(Probe.FORKED_TOO_LATE));
    }

    @Test
    void a_shared_chunk_that_must_be_proved_takes_no_mutation() {
        writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        snapshotDone("/a", "/b");
        crew.forgetSeal(handle);
        crew.pass(15);
        Effect.Lead lead = crew.leads.getLast();
        assertEquals(handle, lead.chunk().value());
        assertTrue(lead.request().getFrozen());
        assertEquals(handle, handle("/b/one", 0));
        assertKept();
    }

    @Test
    void a_writer_of_a_shared_chunk_waits_until_its_replicas_are_proved_against_each_other() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        snapshotDone("/a", "/b");
        crew.doubt(handle);
        assertEquals("ok", Bench.outcome(open(file, handle)));
        crew.pass(10);
        assertTrue(chunk(handle).sealed(), "nothing is left that is never over");
        assertEquals("ok", Bench.outcome(open(file, handle)));
        assertNotEquals(handle, handle("/b/one", 0));
        assertKept();
    }

    @Test
    void a_second_writer_waits_with_the_first_for_servers_that_may_prove_the_shared_chunk() {
        long file = writtenFile("/a/one");
        long handle = handle("/a/one", 0);
        snapshotDone("/a", "/b");
        crew.copies = false;
        long left = holder(handle);
        List.of(1L, 2L, 3L, 4L).stream().filter(server -> server != left).forEach(crew.away::add);
        crew.pass(15);
        crew.doubt(left, handle);
        crew.register(left);
        MasterInput.OpenChunk first = openRequest(file, handle);
        MasterInput.OpenChunk second = openRequest(file, handle);
        master.take(first);
        master.take(second);
        crew.obey();
        assertTrue(master.met.contains(Probe.FORK_WAITS_FOR_PROOF));
        assertFalse(master.answers.containsKey(second.ticket()), "those who are away may have more");
        assertTrue(crew.forks.isEmpty(), "nobody copies what may lack bytes");
        crew.away.clear();
        crew.pass(10);
        for (MasterInput.OpenChunk each : List.of(first, second)) {
            assertEquals("ok", Bench.outcome(master.answers.get(each.ticket())));
        }
        assertEquals("ok", Bench.outcome(open(file, handle)));
        assertNotEquals(handle, handle("/b/one", 0));
        assertKept();
    }

    // ---- goals, and the end

    @Test
    void the_goal_of_a_shared_chunk_is_the_highest_of_its_files() {
        writtenFile("/a/one");
        snapshotDone("/a", "/b");
        goal("/a/one", 1);
        crew.pass(40);
        assertEquals(3, chunks("/b/one").getFirst().getMembersCount());
        goal("/b/one", 2);
        crew.pass(40);
        assertEquals(2, chunks("/b/one").getFirst().getMembersCount());
    }

    private void goal(String path, int goal) {
        master.ask(new MasterInput.SetAttributes(
                master.ticket(),
                SetAttributesRequest.newBuilder()
                        .setPath(path)
                        .setReplication(goal)
                        .build()));
    }

    @Test
    void deleting_a_side_frees_what_is_shared_no_more() {
        long file = writtenFile("/a/one");
        long shared = handle("/a/one", 0);
        crew.seal(new ChunkHandle(shared));
        long alone = Bench.reply(add(file, shared), ChunkLocation.class).getHandle();
        snapshotDone("/a", "/b");
        open(file, alone); // now /b has a fork of that one
        crew.seal(new ChunkHandle(alone));
        long fork = handle("/b/one", 1);
        master.delete("/a", true, true);
        crew.pass(5);
        assertNull(chunk(alone), "only /a had it");
        assertEquals(shared, handle("/b/one", 0));
        assertEquals(fork, handle("/b/one", 1));
        assertEquals(20, stat("/b/one").getLength());
        assertKept();
        master.delete("/b", true, true);
        crew.pass(5);
        assertEquals(0, master.core.image().chunkCount());
        for (long server = 1; server <= 4; server++) {
            assertFalse(crew.holdsAnything(server), "s" + server);
        }
        assertKept();
    }

    @Test
    void both_sides_deleted_in_one_turn_leave_nothing() {
        writtenFile("/a");
        snapshotDone("/a", "/b");
        master.delete("/a", false, true);
        master.delete("/b", false, true);
        crew.pass(3);
        assertEquals(0, master.core.image().chunkCount());
        for (long server = 1; server <= 4; server++) {
            assertFalse(crew.holdsAnything(server), "s" + server);
        }
    }
}
