package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.BadReplicaRequest;
import cairn.wire.proto.ForgetRequest;
import cairn.wire.proto.SealChunkRequest;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** docs/decisions/0005: missing replicas are made again, of chunks that are being written too. */
final class RepairTest {

    @Test
    void a_member_that_comes_back_joins_the_chunk_that_is_written_and_the_primary_stays() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.away.add(members.getLast());
        crew.fail(members.getLast());
        assertThat(crew.members()).isEqualTo(members.subList(0, 2));

        crew.away.clear();
        crew.register(members.getLast());
        crew.pass(6);
        assertThat(crew.members()).containsExactlyInAnyOrderElementsOf(members);
        assertThat(crew.members().getFirst()).isEqualTo(members.getFirst());
        assertThat(crew.chunk().version().value()).as("one version for it").isEqualTo(3);
        assertThat(crew.chunk().loggedFull(new ServerId(members.getLast())))
                .as("it is complete only when the version is led")
                .isFalse();
    }

    @Test
    void while_two_are_left_a_server_that_is_away_has_its_time_to_return() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        long lost = crew.members().getLast();
        crew.away.add(lost);
        crew.fail(lost);
        crew.pass(10);
        assertThat(crew.clones).isEmpty();
        crew.pass(10);
        assertThat(crew.members()).hasSize(3).doesNotContain(lost);
    }

    @Test
    void an_idle_open_chunk_is_sealed_and_copied_as_soon_as_a_member_is_written_off() {
        Crew crew = new Crew(4);
        crew.seals = true;
        crew.writtenChunk();
        crew.pass(20); // so long that the master believes who is not here is gone
        long lost = crew.members().getLast();
        crew.away.add(lost);
        crew.pass(14);
        assertThat(crew.chunk().sealed()).as("it may be back in a moment").isFalse();
        assertThat(crew.clones).isEmpty();
        crew.pass(2);
        assertThat(crew.chunk().sealed()).isTrue();
        assertThat(crew.clones).hasSize(1);
        assertThat(crew.master.met).contains(Probe.MEMBER_WRITTEN_OFF);
        assertThat(crew.chunk().version().value())
                .as("who was away has all of it still, if the others die now")
                .isEqualTo(1);
    }

    @Test
    void a_primary_that_did_not_seal_an_idle_chunk_without_its_member_is_asked_again() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        crew.away.add(crew.members().getLast());
        crew.pass(25);
        assertThat(crew.chunk().sealed()).as("the order was lost").isFalse();
        crew.seals = true;
        crew.pass(6);
        assertThat(crew.chunk().sealed()).isTrue();
        assertThat(crew.clones).hasSize(1);
    }

    @Test
    void an_idle_open_chunk_is_sealed_when_a_member_was_forgotten() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        long lost = crew.members().getLast();
        crew.away.add(lost);
        crew.pass(20);
        crew.seals = true;
        crew.master.ask(new MasterInput.Forget(
                crew.master.ticket(),
                ForgetRequest.newBuilder().setServerId(lost).setForce(true).build()));
        crew.pass(6);
        assertThat(crew.chunk().sealed()).isTrue();
        assertThat(crew.clones).hasSize(1);
    }

    @Test
    void a_chunk_that_is_written_by_one_member_alone_gets_another_at_once() {
        Crew crew = new Crew(5);
        crew.writtenChunk();
        crew.pass(6); // the master's own start is over
        List<Long> members = crew.members();
        crew.away.addAll(members.subList(1, 3));
        crew.fail(members.get(1));
        assertThat(crew.members()).containsExactly(members.getFirst());
        crew.pass(1);
        assertThat(crew.members()).hasSize(2);
        crew.pass(20);
        assertThat(crew.members()).hasSize(3);
    }

    @Test
    void a_newcomer_that_dies_while_it_joins_is_left_out_again() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.copies = false;
        crew.away.add(members.getLast());
        crew.fail(members.getLast());
        crew.pass(20);
        Effect.Clone clone = crew.clones.getFirst();
        long newcomer = clone.target().server().value();
        crew.carryOut(clone);
        assertThat(crew.chunk().hasMember(new ServerId(newcomer))).isTrue();
        crew.away.add(newcomer);
        crew.obey();
        assertThat(crew.members()).containsExactlyInAnyOrderElementsOf(members.subList(0, 2));
        assertThat(crew.chunk().version().value()).isEqualTo(4);
        assertThat(crew.master.core.view().leader(crew.chunk(), crew.master.nanos))
                .isNotNull();
    }

    @Test
    void a_server_that_comes_and_goes_disturbs_the_writers_less_and_less() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        long flapping = crew.members().getLast();
        for (int i = 0; i < 40; i++) {
            crew.away.add(flapping);
            if (crew.chunk().hasMember(new ServerId(flapping))) {
                crew.fail(flapping);
            }
            crew.away.clear();
            crew.register(flapping);
            crew.pass(3);
        }
        assertThat(crew.chunk().version().value())
                .as("two versions for each time it was taken back, in 40 returns")
                .isLessThan(12);
        crew.pass(20);
        assertThat(crew.members()).as("it stays, and is trusted again").contains(flapping);
    }

    @Test
    void a_bad_replica_of_a_chunk_that_is_written_is_fenced_put_aside_and_made_anew() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        long spoilt = crew.members().getLast();
        crew.spoil(spoilt, 1);
        crew.pass(0.2);
        assertThat(crew.members()).doesNotContain(spoilt);
        assertThat(crew.chunk().version().value()).isEqualTo(2);
        crew.pass(1);
        assertThat(crew.holds(spoilt, 1)).as("put aside once others lead").isFalse();
        crew.pass(25);
        assertThat(crew.members()).contains(spoilt);
        assertThat(crew.holds(spoilt, 1)).isTrue();
    }

    @Test
    void a_reader_that_got_damage_makes_the_named_server_check_its_replica() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        long named = crew.members().getLast();
        crew.master.take(new MasterInput.BadReplica(
                crew.master.ticket(),
                BadReplicaRequest.newBuilder()
                        .setHandle(1)
                        .setVersion(1)
                        .setServerId(named)
                        .build()));
        crew.obey();
        assertThat(crew.scrubs).containsExactly(named);
        assertThat(crew.members()).as("a client's word alone drops nothing").contains(named);
        assertThat(crew.master.met).contains(Probe.CLIENT_REPORTS_BAD_REPLICA);
    }

    @Test
    void the_only_replica_is_kept_however_bad() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.away.addAll(members.subList(1, 3));
        crew.fail(members.get(1));
        crew.spoil(members.getFirst(), 1);
        crew.pass(30);
        assertThat(crew.members()).containsExactly(members.getFirst());
        assertThat(crew.holds(members.getFirst(), 1)).isTrue();
    }

    @Test
    void a_member_that_had_joined_is_the_source_although_it_was_left_out_of_a_version_that_nobody_led() {
        Crew crew = new Crew(2);
        crew.writtenChunk();
        long joined = crew.members().getLast();
        long other = crew.members().getFirst();
        crew.fail(joined);
        crew.pass(20);
        assertThat(crew.chunk().members())
                .as("it has joined, and was logged as one that lacks something")
                .anyMatch(member -> member.server().value() == joined && !member.full());
        crew.away.add(other);
        crew.spoil(joined, 1);
        crew.pass(1);
        assertThat(crew.members()).as("its disk fails").containsExactly(other);
        crew.master.restart();
        crew.heal(joined, 1);
        crew.doubt(other, 1);
        crew.away.clear();
        crew.pass(20);
        assertThat(crew.leads.getLast().target().server().value()).isEqualTo(joined);
    }

    @Test
    void what_was_put_aside_is_looked_at_again_when_all_others_may_have_lost_bytes() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        crew.seal();
        crew.copies = false;
        long aside = crew.members().isEmpty() ? 1 : crew.members().getFirst();
        crew.spoil(aside, 1);
        crew.pass(2);
        assertThat(crew.holds(aside, 1)).as("it is put aside").isFalse();
        crew.spoil(aside, 1);
        crew.pass(2);
        assertThat(crew.looks).as("others have good ones").isEmpty();
        crew.doubt(1);
        crew.pass(0.2);
        assertThat(crew.looks).containsExactly(aside);
    }

    @Test
    void what_a_server_holds_is_counted_with_the_length_that_its_chunks_were_sealed_with() {
        Crew crew = new Crew(3);
        Chunk chunk = crew.writtenChunk();
        crew.master.take(new MasterInput.SealChunk(
                crew.master.ticket(),
                SealChunkRequest.newBuilder()
                        .setServerId(crew.members().getFirst())
                        .setHandle(chunk.handle().value())
                        .setVersion(chunk.version().value())
                        .setLength(40)
                        .build()));
        ClusterView view = crew.master.core.view();
        for (ChunkMember member : chunk.members()) {
            ServerState server = Objects.requireNonNull(view.server(member.server()));
            assertThat(server.replicaBytes).isEqualTo(40);
            view.lose(server, chunk.handle());
            assertThat(server.replicaBytes).isZero();
        }
    }

    @Test
    void a_replica_that_its_server_twice_does_not_show_is_counted_no_more_and_made_anew() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        crew.seal();
        crew.pass(2);
        long first = holder(crew, 4);
        crew.vanish(first, 1);
        crew.pass(1);
        assertThat(crew.clones).as("what is missing once may be on its way").isEmpty();
        crew.pass(20);
        assertThat(crew.master.met).contains(Probe.GHOST_DISMISSED);
        assertThat(crew.clones).hasSize(1);
        assertThat(LongStream.rangeClosed(1, 4)
                        .filter(server -> crew.holds(server, 1))
                        .count())
                .isEqualTo(3);
    }

    private static long holder(Crew crew, int servers) {
        return LongStream.rangeClosed(1, servers)
                .filter(server -> crew.holds(server, 1))
                .findFirst()
                .orElseThrow();
    }
}
