package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.LocateReply;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.StatRequest;
import cairn.wire.proto.TruncateRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/decisions/0009, as transcripts between the master, readers, and chunkservers that drop what was cut, or do not. */
final class VeilTest {
    private static final MasterInput.Failure DEAD = new MasterInput.Failure(ErrorCode.UNREACHABLE, true, 0, "refused");
    private static final MasterInput.Failure SILENT =
            new MasterInput.Failure(ErrorCode.UNREACHABLE, false, 0, "timeout");

    private final Bench master = new Bench();
    private long nextSession = 100;
    private long file;

    @BeforeEach
    void one_chunk_on_three_servers() {
        for (long id = 1; id <= 3; id++) {
            register(id);
        }
        file = Bench.reply(master.create("/f", false, false), FileStatus.class).getFileId();
        master.take(new MasterInput.AddChunk(
                master.ticket(), AddChunkRequest.newBuilder().setFileId(file).build(), 5));
        List<Effect> prepares = List.copyOf(master.effects);
        master.effects.clear();
        for (Effect prepare : prepares) {
            Effect.Prepare order = (Effect.Prepare) prepare;
            master.take(new MasterInput.PrepareAnswered(
                    order.chunk(), order.version(), order.target().server(), ReplicaReport.getDefaultInstance()));
        }
        master.effects.clear();
    }

    private void register(long id) {
        long session = nextSession++;
        RegisterRequest request = RegisterRequest.newBuilder()
                .setServerId(master.core.image().server(new ServerId(id)) == null ? 0 : id)
                .setSession(session)
                .setAddress("host:" + (1000 + id))
                .setRack("r" + id)
                .addDisks(DiskReport.newBuilder()
                        .setState("ok")
                        .setTotalBytes(1L << 40)
                        .setUsableBytes(1L << 39))
                .build();
        Bench.reply(master.ask(new MasterInput.Register(master.ticket(), request)), RegisterReply.class);
        master.take(new MasterInput.Replicas(
                master.ticket(),
                ReplicasRequest.newBuilder()
                        .setServerId(id)
                        .setSession(session)
                        .setLast(true)
                        .build()));
    }

    /** Returns the tickets of the truncate and of two readers who come after it. */
    private List<Long> cut() {
        return List.of(truncate(), stat(), locate());
    }

    private long truncate() {
        long ticket = master.ticket();
        RequestId id = RequestId.newBuilder().setClient(9).setSequence(1).build();
        master.take(new MasterInput.Truncate(
                ticket,
                TruncateRequest.newBuilder()
                        .setFileId(file)
                        .setKeep(0)
                        .setId(id)
                        .build()));
        return ticket;
    }

    private long stat() {
        long ticket = master.ticket();
        master.take(new MasterInput.Stat(
                ticket, StatRequest.newBuilder().setPath("/f").build()));
        return ticket;
    }

    private long locate() {
        long ticket = master.ticket();
        master.take(new MasterInput.Locate(
                ticket, LocateRequest.newBuilder().setFileId(file).setCount(9).build()));
        return ticket;
    }

    private List<Effect.Drop> drops() {
        List<Effect.Drop> drops = new ArrayList<>();
        master.effects.forEach(effect -> drops.add((Effect.Drop) effect));
        master.effects.clear();
        return drops;
    }

    private void dropped(Effect.Drop drop) {
        master.take(new MasterInput.DropAnswered(drop.veil(), drop.target().server()));
    }

    /** All holders but one drop what was cut; that one. */
    private Effect.Drop allButOne() {
        List<Effect.Drop> drops = drops();
        assertThat(drops).hasSize(3);
        dropped(drops.get(0));
        dropped(drops.get(1));
        return drops.get(2);
    }

    private void failed(Effect.Drop drop, MasterInput.Failure failure) {
        master.take(new MasterInput.DropFailed(drop.veil(), drop.target().server(), failure));
    }

    private void assertUntold(List<Long> tickets) {
        assertThat(master.answers).doesNotContainKeys(tickets.toArray(Long[]::new));
    }

    private void assertTold(List<Long> tickets) {
        assertThat(tickets)
                .allSatisfy(ticket ->
                        assertThat(Bench.outcome(master.answers.get(ticket))).isEqualTo("ok"));
        assertThat(Bench.reply(master.answers.get(tickets.getLast()), LocateReply.class)
                        .getChunkCount())
                .isZero();
        assertThat(master.core.image().veiled()).isEmpty();
    }

    @Test
    void no_reader_is_told_of_a_cut_while_a_holder_may_still_serve_what_was_cut() {
        List<Long> tickets = cut();
        Effect.Drop last = allButOne();
        master.tick();
        assertUntold(tickets);
        dropped(last);
        assertTold(tickets);
    }

    @Test
    void a_holder_whose_process_is_dead_is_not_waited_for() {
        List<Long> tickets = cut();
        failed(allButOne(), DEAD);
        assertTold(tickets);
    }

    @Test
    void a_holder_that_does_not_answer_is_waited_for_until_its_term_is_over_and_is_not_heard_meanwhile() {
        List<Long> tickets = cut();
        Effect.Drop last = allButOne();
        failed(last, SILENT);
        long session = 99 + last.target().server().value();
        Effect beat = master.ask(new MasterInput.Heartbeat(
                master.ticket(),
                HeartbeatRequest.newBuilder()
                        .setServerId(last.target().server().value())
                        .setSession(session)
                        .build()));
        assertThat(Bench.outcome(beat)).isEqualTo(ErrorCode.UNKNOWN_SERVER.name());
        master.nanos += MasterSettings.DEFAULT.servingBound();
        master.tick();
        assertUntold(tickets);
        master.nanos++;
        master.tick();
        assertTold(tickets);
    }

    @Test
    void a_holder_that_has_registered_anew_serves_nothing_of_what_was_cut() {
        List<Long> tickets = cut();
        register(allButOne().target().server().value());
        master.tick();
        assertTold(tickets);
    }

    @Test
    void a_master_that_starts_veils_again_what_was_veiled_until_all_servers_have_registered() {
        truncate();
        List<String> before = Bench.exported(master.core.image());
        assertThat(Bench.exported(Bench.reloaded(master.core.image()))).isEqualTo(before);
        master.restart();
        assertThat(Bench.exported(master.core.image())).isEqualTo(before);
        List<Long> tickets = cut();
        register(1);
        register(2);
        master.tick();
        assertUntold(tickets);
        register(3);
        master.tick();
        assertTold(tickets);
        assertThat(master.met).contains(Probe.VEIL_OF_AN_EARLIER_LIFE);
    }

    @Test
    void a_master_that_starts_waits_for_a_server_that_does_not_come_no_longer_than_its_term() {
        truncate();
        master.restart();
        List<Long> tickets = cut();
        register(1);
        register(2);
        master.nanos += MasterSettings.DEFAULT.servingBound();
        master.tick();
        assertUntold(tickets);
        master.nanos++;
        master.tick();
        assertTold(tickets);
    }
}
