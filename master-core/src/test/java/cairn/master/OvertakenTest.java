package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.MemberFailedRequest;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.SnapshotReply;
import cairn.wire.proto.SnapshotRequest;
import cairn.wire.proto.TruncateRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests and answers that come when what they speak of has changed: what the master says, and that it changes nothing. */
class OvertakenTest {
    private final Crew crew = new Crew(4);
    private final Bench master = crew.master;
    private long sequence;

    private void truncate() {
        master.take(new MasterInput.Truncate(
                master.ticket(),
                TruncateRequest.newBuilder()
                        .setFileId(file())
                        .setKeep(0)
                        .setId(id())
                        .build()));
    }

    private RequestId id() {
        return RequestId.newBuilder().setClient(9).setSequence(++sequence).build();
    }

    private long file() {
        return master.status("/f").getFileId();
    }

    private long open(boolean forMutation) {
        long ticket = master.ticket();
        master.take(new MasterInput.OpenChunk(
                ticket,
                OpenChunkRequest.newBuilder()
                        .setFileId(file())
                        .setHandle(1)
                        .setForMutation(forMutation)
                        .build()));
        return ticket;
    }

    private Effect failedMember(long speaker, long failed) {
        return master.ask(new MasterInput.MemberFailed(
                master.ticket(),
                MemberFailedRequest.newBuilder()
                        .setServerId(speaker)
                        .setHandle(1)
                        .setVersion(1)
                        .addFailed(failed)
                        .build()));
    }

    private long snapshot() {
        long ticket = master.ticket();
        master.take(new MasterInput.Snapshot(
                ticket,
                SnapshotRequest.newBuilder()
                        .setId(id())
                        .setFrom("/f")
                        .setTo("/g")
                        .build()));
        return ticket;
    }

    private List<Effect> takeOrders() {
        List<Effect> orders = List.copyOf(master.effects);
        master.effects.clear();
        return orders;
    }

    // ---- a chunk that is not there any more

    @Test
    void a_chunk_that_was_cut_cannot_be_opened_nor_continued() {
        crew.writtenChunk();
        truncate();
        crew.obey();
        long opened = open(true);
        Effect added = master.ask(new MasterInput.AddChunk(
                master.ticket(),
                AddChunkRequest.newBuilder().setFileId(file()).setAfter(1).build(),
                5));
        assertThat(Bench.refusal(master.answers.get(opened))).isEqualTo(ErrorCode.NO_SUCH_CHUNK);
        assertThat(Bench.refusal(added)).isEqualTo(ErrorCode.CONFLICT);
        assertThat(master.met).contains(Probe.CHUNK_NOT_IN_FILE, Probe.CHUNKS_CUT_MEANWHILE);
        assertThat(master.status("/f").getChunkCount()).isZero();
    }

    @Test
    void a_primary_of_a_chunk_that_was_deleted_or_sealed_is_told_so() {
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.seal();
        assertThat(Bench.refusal(failedMember(members.getFirst(), members.getLast())))
                .isEqualTo(ErrorCode.SEALED);
        assertThat(crew.chunk().sealed()).isTrue();
        truncate();
        crew.pass(2);
        assertThat(Bench.refusal(failedMember(members.getFirst(), members.getLast())))
                .isEqualTo(ErrorCode.NO_SUCH_CHUNK);
        assertThat(master.met).contains(Probe.PRIMARY_OF_SEALED_CHUNK, Probe.PRIMARY_OF_DELETED_CHUNK);
    }

    @Test
    void a_snapshot_waits_until_nobody_can_read_what_was_cut_before() {
        crew.writtenChunk();
        crew.seal();
        truncate();
        takeOrders(); // nobody hears that the chunk is to be dropped
        long ticket = snapshot();
        crew.pass(1);
        assertThat(Bench.reply(master.answers.get(ticket), SnapshotReply.class).getDone())
                .isFalse();
        assertThat(master.met).contains(Probe.SNAPSHOT_AWAITS_VEIL);
        crew.away.addAll(List.of(1L, 2L, 3L, 4L));
        crew.pass(40); // their terms end
        long again = snapshotAgain();
        assertThat(Bench.reply(master.answers.get(again), SnapshotReply.class).getDone())
                .isTrue();
        assertThat(master.status("/g").getChunkCount()).isZero();
    }

    private long snapshotAgain() {
        long ticket = master.ticket();
        RequestId same =
                RequestId.newBuilder().setClient(9).setSequence(sequence).build();
        master.take(new MasterInput.Snapshot(
                ticket,
                SnapshotRequest.newBuilder()
                        .setId(same)
                        .setFrom("/f")
                        .setTo("/g")
                        .build()));
        return ticket;
    }

    // ---- replicas that are not what they were

    @Test
    void a_reader_of_a_sealed_chunk_waits_until_its_replicas_are_proved_against_each_other() {
        crew.seals = true;
        crew.writtenChunk();
        crew.seal();
        crew.doubt(1);
        long ticket = open(false);
        assertThat(master.answers).doesNotContainKey(ticket);
        crew.obey();
        assertThat(Bench.reply(master.answers.get(ticket), ChunkLocation.class).getMembersCount())
                .isEqualTo(3);
        assertThat(master.met).contains(Probe.SEALED_CHUNK_UNPROVEN);
        crew.pass(2);
        assertThat(crew.chunk().sealed())
                .as("nothing is left that is never over")
                .isTrue();
    }

    @Test
    void a_copy_that_ends_while_its_server_registers_is_believed_when_it_is_shown() {
        crew.writtenChunk();
        long lost = crew.members().getLast();
        crew.seal();
        crew.pass(6);
        crew.copies = false;
        crew.away.add(lost);
        crew.pass(30);
        Effect.Clone clone = crew.clones.getFirst();
        ServerId target = clone.target().server();
        master.ask(new MasterInput.Register(
                master.ticket(),
                RegisterRequest.newBuilder()
                        .setServerId(target.value())
                        .setSession(7777)
                        .setAddress("host:7777")
                        .setRack("r")
                        .build()));
        crew.carryOut(clone);
        assertThat(master.met).contains(Probe.COPY_TARGET_REGISTERS);
        assertThat(master.core.view().replica(new ChunkHandle(1), target)).isNull();
        crew.register(target.value());
        assertThat(master.core.view().replica(new ChunkHandle(1), target)).isNotNull();
    }

    @Test
    void a_chunk_that_nobody_can_lead_for_long_is_given_up_and_begun_anew_for_the_next_who_asks() {
        crew.writtenChunk();
        failedMember(crew.members().getFirst(), crew.members().getLast());
        crew.leaders = false;
        long waits = open(true);
        crew.pass(40);
        assertThat(Bench.refusal(master.answers.get(waits))).isEqualTo(ErrorCode.NO_REPLICA);
        assertThat(master.met).contains(Probe.VERSIONS_USED_UP);
        crew.leaders = true;
        long ticket = open(true);
        crew.obey();
        assertThat(Bench.reply(master.answers.get(ticket), ChunkLocation.class).getLed())
                .isTrue();
    }

    @Test
    void a_server_that_shows_mutations_of_a_chunk_that_nobody_was_known_to_lead_is_its_source() {
        FileStatus made = Bench.reply(master.create("/f", false, false), FileStatus.class);
        long ticket = master.ticket();
        master.take(new MasterInput.AddChunk(
                ticket, AddChunkRequest.newBuilder().setFileId(made.getFileId()).build(), 5));
        long knows = crew.members().getLast();
        crew.mutate(knows, 1, 5);
        crew.obey();
        assertThat(master.met).contains(Probe.FRESH_CHUNK_LED_BEFORE);
        ChunkLocation location = Bench.reply(master.answers.get(ticket), ChunkLocation.class);
        assertThat(location.getVersion()).isEqualTo(2);
        assertThat(location.getMembers(0).getServerId()).isEqualTo(knows);
    }

    // ---- copies for a writer

    private void shared() {
        crew.seals = true;
        crew.writtenChunk();
        long done = snapshot();
        crew.obey();
        assertThat(Bench.reply(master.answers.get(done), SnapshotReply.class).getDone())
                .isTrue();
        crew.pass(1);
    }

    @Test
    void a_writer_of_a_shared_chunk_does_not_wait_for_one_server_that_does_not_copy_it() {
        shared();
        long ticket = open(true);
        Effect unheard = master.effects.removeFirst();
        assertThat(unheard).isInstanceOf(Effect.Fork.class);
        crew.obey();
        assertThat(master.answers).doesNotContainKey(ticket);
        crew.pass(6);
        assertThat(Bench.reply(master.answers.get(ticket), ChunkLocation.class).getLed())
                .isTrue();
        assertThat(master.met).contains(Probe.FORK_LATE);
        assertThat(crew.forks).hasSize(2);
    }

    @Test
    void copies_that_are_made_when_the_chunk_is_shared_no_more_are_dropped() {
        shared();
        long ticket = open(true);
        List<Effect> forks = takeOrders();
        master.delete("/g", false, true);
        crew.pass(1);
        assertThat(master.core.image().isShared(new ChunkHandle(1))).isFalse();
        master.effects.addAll(forks);
        crew.obey();
        assertThat(master.met).contains(Probe.FORK_OUTDATED);
        ChunkLocation location = Bench.reply(master.answers.get(ticket), ChunkLocation.class);
        assertThat(location.getHandle()).isEqualTo(1);
        assertThat(location.getLed()).isTrue();
        for (long server = 1; server <= 4; server++) {
            assertThat(crew.holds(
                            server, ((Effect.Fork) forks.getFirst()).chunk().value()))
                    .isFalse();
        }
        assertThat(master.core.image().holds(new FileId(file()), crew.chunk())).isTrue();
    }
}
