package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.DrainRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.ForgetRequest;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.ServerReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/decisions/0006: all that a server holds is moved elsewhere while it serves, and a server that is gone is forgotten. */
final class DrainTest {

    private static void drain(Crew crew, long server, boolean drain) {
        Bench.reply(
                crew.master.ask(new MasterInput.Drain(
                        crew.master.ticket(),
                        DrainRequest.newBuilder()
                                .setServerId(server)
                                .setDrain(drain)
                                .build())),
                Empty.class);
    }

    private static Effect order(Crew crew, long sequence, long server, boolean drain) {
        return crew.master.ask(new MasterInput.Drain(
                crew.master.ticket(),
                DrainRequest.newBuilder()
                        .setId(RequestId.newBuilder().setClient(9).setSequence(sequence))
                        .setServerId(server)
                        .setDrain(drain)
                        .build()));
    }

    private static Effect forget(Crew crew, long server, boolean force) {
        return crew.master.ask(new MasterInput.Forget(
                crew.master.ticket(),
                ForgetRequest.newBuilder().setServerId(server).setForce(force).build()));
    }

    private static ReportReply report(Crew crew) {
        return Bench.reply(crew.master.ask(new MasterInput.Report(crew.master.ticket(), 1, 1, 1)), ReportReply.class);
    }

    private static ServerReport reportOf(Crew crew, long server) {
        return report(crew).getServersList().stream()
                .filter(each -> each.getMember().getServerId() == server)
                .findFirst()
                .orElseThrow();
    }

    private static List<Long> holders(Crew crew, int servers) {
        List<Long> holders = new ArrayList<>();
        for (long server = 1; server <= servers; server++) {
            if (crew.holds(server, 1)) {
                holders.add(server);
            }
        }
        return holders;
    }

    /** Simulated seed 5001759: a connection that was given up delivered its order to drain after the undrain. */
    @Test
    void a_late_copy_of_a_request_to_drain_is_not_carried_out_again() {
        Crew crew = new Crew(4);
        order(crew, 1, 2, true);
        order(crew, 2, 2, false);
        order(crew, 3, 3, false); // it was so already
        order(crew, 4, 3, true);
        order(crew, 3, 3, false);
        assertThat(isDraining(crew, 3)).isTrue();
        crew.master.restart();
        order(crew, 1, 2, true);
        assertThat(isDraining(crew, 2)).isFalse();
        assertThat(isDraining(crew, 3)).isTrue();
    }

    private static boolean isDraining(Crew crew, long server) {
        return crew.master.core.image().server(new ServerId(server)).draining();
    }

    @Test
    void a_late_copy_of_a_request_to_forget_a_server_forgets_nobody() {
        Crew crew = new Crew(4);
        ForgetRequest gone = ForgetRequest.newBuilder()
                .setId(RequestId.newBuilder().setClient(9).setSequence(7))
                .setServerId(1)
                .setForce(true)
                .build();
        for (int life = 1; life <= 2; life++) {
            crew.away.add(1L);
            crew.pass(60);
            assertThat(Bench.outcome(crew.master.ask(new MasterInput.Forget(crew.master.ticket(), gone))))
                    .isEqualTo("ok");
            boolean known = crew.master.core.image().server(new ServerId(1)) != null;
            assertThat(known).as("in its life %d", life).isEqualTo(life == 2);
            crew.away.clear();
            crew.register(1);
            crew.pass(5);
        }
    }

    @Test
    void what_is_left_on_a_drained_server_is_told_in_replicas_and_in_their_bytes() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        crew.seal();
        crew.pass(20);
        assertThat(reportOf(crew, 2).getLeftBytes()).isZero();
        drain(crew, 2, true);
        crew.pass(2);
        ServerReport told = reportOf(crew, 2);
        assertThat(told.getChunks()).isEqualTo(1);
        assertThat(told.getLeftBytes()).isPositive().isEqualTo(crew.chunk().length());
        assertThat(report(crew).getMovement().getRemarksList())
                .as("what the drained one holds is there still")
                .containsExactly(
                        "2 chunkservers, not counting 1 being drained, for files that want 3 replicas: each chunk has 2 there at most");
    }

    @Test
    void a_sealed_chunk_is_copied_before_it_is_dropped_and_never_has_fewer_replicas_than_its_goal() {
        Crew crew = new Crew(5);
        crew.writtenChunk();
        long drained = crew.members().getFirst();
        crew.seal();
        crew.pass(20);
        drain(crew, drained, true);
        crew.copies = false;
        crew.pass(10);
        assertThat(crew.clones).hasSize(1);
        assertThat(holders(crew, 5))
                .as("nothing goes before the copy is there")
                .hasSize(3)
                .contains(drained);
        crew.copies = true;
        crew.carryOut(crew.clones.getFirst());
        for (int i = 0; i < 20; i++) {
            crew.pass(0.2);
            assertThat(holders(crew, 5)).hasSizeGreaterThanOrEqualTo(3);
        }
        assertThat(holders(crew, 5)).hasSize(3).doesNotContain(drained);
        ServerReport report = reportOf(crew, drained);
        assertThat(report.getDraining()).isTrue();
        assertThat(report.getChunks()).isZero();
        assertThat(report.getBlocked()).isEmpty();
    }

    @Test
    void a_chunk_that_is_written_gets_another_member_first_and_then_goes_on_without_the_drained_primary() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        crew.pass(20);
        List<Long> before = crew.members();
        long drained = before.getFirst();
        drain(crew, drained, true);
        for (int i = 0; i < 50; i++) {
            crew.pass(0.2);
            assertThat(crew.members()).hasSizeGreaterThanOrEqualTo(3);
        }
        assertThat(crew.members()).hasSize(3).doesNotContain(drained);
        assertThat(crew.chunk().version().value())
                .as("one version to join, one to leave")
                .isEqualTo(3);
        assertThat(crew.holds(drained, 1)).as("what was left behind is dropped").isFalse();
        assertThat(crew.master.core.view().leader(crew.chunk(), crew.master.nanos))
                .isNotNull();
        assertThat(reportOf(crew, drained).getChunks()).isZero();
    }

    @Test
    void a_member_that_fails_in_the_version_without_the_drained_one_has_that_one_taken_back() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        crew.pass(20);
        long drained = crew.members().getFirst();
        drain(crew, drained, true);
        crew.copies = false;
        crew.pass(2);
        crew.carryOut(crew.clones.getFirst());
        crew.obey();
        assertThat(crew.members()).hasSize(4);
        long dies = crew.members().getLast();
        crew.master.tick();
        assertThat(crew.master.effects)
                .as("the version without it is under way")
                .isNotEmpty();
        crew.away.add(dies);
        crew.obey();
        assertThat(crew.members()).hasSize(3).contains(drained).doesNotContain(dies);
        assertThat(crew.master.met).contains(Probe.DISMISSAL_TAKEN_BACK);
    }

    @Test
    void what_is_in_the_way_of_one_drain_may_be_another() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        crew.seal();
        crew.pass(20);
        drain(crew, 1, true);
        drain(crew, 2, true);
        crew.pass(20);
        assertThat(reportOf(crew, 2).getBlocked()).endsWith("cairn undrain s2 (or one of those drained, too: s1)");
    }

    @Test
    void after_a_restart_of_the_master_a_drained_server_is_awaited_and_not_given_up() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        drain(crew, 2, true);
        crew.master.restart();
        assertThat(reportOf(crew, 2).getBlocked())
                .startsWith("the master has just started")
                .doesNotContain("forget");
    }

    @Test
    void what_cannot_move_is_said_and_stays() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        crew.seal();
        crew.pass(20);
        drain(crew, 2, true);
        crew.pass(20);
        assertThat(crew.clones).isEmpty();
        assertThat(holders(crew, 3)).hasSize(3);
        assertThat(reportOf(crew, 2).getBlocked())
                .isEqualTo(
                        "1 chunk wants 3 copies on other servers, and 2 others can take copies; add a chunkserver or room, "
                                + "lower the goal (cairn setrep), or: cairn undrain s2");
        assertThat(report(crew).getMovement().getLeaving()).isEqualTo(1);
        assertThat(report(crew).getMovement().getRemarksList()).anyMatch(line -> line.startsWith("2 chunkservers"));
        assertThat(report(crew).getChunksUnder()).as("it counts for readers").isZero();

        crew.register(0);
        crew.pass(5);
        assertThat(holders(crew, 4)).hasSize(3).doesNotContain(2L);
    }

    @Test
    void a_drain_can_be_taken_back_and_nothing_more_is_moved() {
        Crew crew = new Crew(5);
        crew.writtenChunk();
        crew.seal();
        crew.pass(20);
        long drained = holders(crew, 5).getFirst();
        crew.copies = false;
        drain(crew, drained, true);
        crew.pass(2);
        drain(crew, drained, false);
        crew.carryOut(crew.clones.getFirst());
        crew.pass(5);
        assertThat(reportOf(crew, drained).getDraining()).isFalse();
        assertThat(holders(crew, 5))
                .as("the copy that was under way is surplus, or the old one")
                .hasSize(3);
    }

    @Test
    void a_drain_goes_on_after_a_restart_of_the_master() {
        Crew crew = new Crew(5);
        crew.writtenChunk();
        long drained = crew.members().getFirst();
        crew.seal();
        crew.pass(20);
        drain(crew, drained, true);
        MasterImage image = crew.master.core.image();
        assertThat(Bench.exported(Bench.reloaded(image))).isEqualTo(Bench.exported(image));
        crew.master.restart();
        crew.pass(30);
        assertThat(reportOf(crew, drained).getDraining()).isTrue();
        assertThat(holders(crew, 5)).hasSize(3).doesNotContain(drained);
    }

    @Test
    void nothing_new_is_placed_on_a_drained_server() {
        Crew crew = new Crew(3);
        drain(crew, 1, true);
        drain(crew, 3, true);
        crew.pass(20);
        crew.writtenChunk();
        assertThat(crew.members()).containsExactly(2L);
    }

    @Test
    void a_server_that_may_live_is_not_forgotten() {
        Crew crew = new Crew(3);
        crew.pass(20);
        crew.away.add(2L);
        crew.pass(8);
        assertThat(forget(crew, 2, true)).isInstanceOfSatisfying(Effect.Refuse.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(refusal.message()).contains("not even with --force").contains("next: cairn drain s2 --wait");
        });
        crew.pass(20);
        assertThat(Bench.outcome(forget(crew, 2, false))).isEqualTo("ok");
        assertThat(report(crew).getServersList())
                .noneMatch(server -> server.getMember().getServerId() == 2);
        assertThat(Bench.exported(crew.master.replayed())).isEqualTo(Bench.exported(crew.master.core.image()));
    }

    @Test
    void the_last_holder_of_something_is_forgotten_only_by_force_and_known_again_when_it_returns() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        crew.seal();
        crew.pass(20);
        crew.away.addAll(List.of(1L, 2L, 3L));
        crew.pass(30);
        assertThat(forget(crew, 2, false))
                .isInstanceOfSatisfying(
                        Effect.Refuse.class,
                        refusal -> assertThat(refusal.message()).contains("1 chunk, of /f"));
        assertThat(Bench.outcome(forget(crew, 2, true))).isEqualTo("ok");
        crew.away.clear();
        crew.pass(5);
        assertThat(reportOf(crew, 2).getState()).isEqualTo("live");
        assertThat(report(crew).getChunksUnder())
                .as("what it holds is of use still")
                .isZero();
        assertThat(crew.register(0)).as("ids are not given again").isEqualTo(4);
        assertThat(crew.master.met).contains(Probe.LAST_HOLDER_TO_BE_FORGOTTEN, Probe.FORGOTTEN_SERVER_BACK);
    }

    @Test
    void a_member_that_was_forgotten_is_not_waited_for() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        crew.pass(20);
        List<Long> members = crew.members();
        crew.away.add(members.getLast());
        crew.fail(members.getLast());
        crew.pass(30);
        assertThat(Bench.outcome(forget(crew, members.getLast(), false))).isEqualTo("ok");
        assertThat(crew.members()).isEqualTo(members.subList(0, 2));
        assertThat(crew.chunk().hasMember(new ServerId(members.getLast()))).isFalse();
    }

    @Test
    void a_server_that_takes_a_version_of_a_chunk_deleted_meanwhile_drops_it_and_is_not_thought_to_hold_it() {
        Crew crew = new Crew(3);
        Chunk chunk = crew.writtenChunk();
        long server = crew.members().getFirst();
        crew.master.delete("/f", false, true);
        crew.pass(20);
        assertThat(crew.master.core.image().chunk(chunk.handle())).isNull();
        crew.master.take(new MasterInput.PrepareAnswered(
                chunk.handle(), chunk.version(), new ServerId(server), ReplicaReport.getDefaultInstance()));
        assertThat(crew.master.effects)
                .anyMatch(effect ->
                        effect instanceof Effect.Drop drop && drop.chunks().equals(List.of(chunk.handle())));
        assertThat(reportOf(crew, server).getChunks()).isZero();
        assertThat(crew.master.met).contains(Probe.PREPARED_AFTER_DELETION);
    }

    @Test
    void a_server_that_died_while_it_registered_may_hold_the_last_replica() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.seal();
        crew.pass(7);
        long last = members.getFirst();
        members.stream().filter(m -> m != last).forEach(m -> {
            crew.wipe(m);
            crew.register(m);
        });
        crew.copies = false;
        crew.beginToRegister(last);
        crew.away.add(last);
        crew.pass(60);
        assertThat(Bench.outcome(forget(crew, last, false))).isEqualTo("CONFLICT");
    }

    @Test
    void a_server_that_has_put_the_last_replica_aside_is_not_forgotten() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.seal();
        crew.pass(7);
        long last = members.getFirst();
        crew.copies = false;
        // put aside while others had it, and then those lost it
        crew.spoil(last, 1);
        crew.pass(1.2);
        assertThat(crew.holds(last, 1)).isFalse();
        members.stream().filter(m -> m != last).forEach(m -> {
            crew.wipe(m);
            crew.register(m);
        });
        HeartbeatReply reply = crew.beatOfOthers(last, List.of(1L));
        assertThat(reply.getLookAgainList()).containsExactly(1L);
        crew.away.add(last);
        crew.pass(60);
        assertThat(Bench.outcome(forget(crew, last, false))).isEqualTo("CONFLICT");
    }
}
