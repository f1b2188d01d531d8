package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.proof.Probe;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.ReplicasRequest;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A master with another past than its chunkservers: somebody has mixed up addresses, disks or copies of a log. */
class StrangersTest {
    private static final long CELL = 77;

    private final Set<Probe> met = EnumSet.noneOf(Probe.class);
    private final MasterCore core = core();

    private MasterCore core() {
        MasterImage image = new MasterImage();
        image.apply(new MasterRecord.CellCreated(CELL, Geometry.STANDARD, 3, 1000));
        return new MasterCore(image, MasterSettings.DEFAULT, 0, met::add);
    }

    private Effect answer(MasterInput input) {
        Turn turn = core.step(input, new Moment(1, 1000));
        turn.records().forEach(core::apply);
        return turn.effects().stream()
                .filter(effect -> effect instanceof Effect.Answer || effect instanceof Effect.Refuse)
                .findFirst()
                .orElseThrow();
    }

    private static RegisterRequest.Builder server() {
        return RegisterRequest.newBuilder().setSession(5).setAddress("host:1").setRack("r");
    }

    @Test
    void a_chunkserver_of_another_cell_is_refused() {
        Effect said =
                answer(new MasterInput.Register(1, server().setCellId(CELL + 1).build()));
        assertThat(((Effect.Refuse) said).code()).isEqualTo(ErrorCode.WRONG_CELL);
        assertThat(met).containsExactly(Probe.SERVER_OF_ANOTHER_CELL);
    }

    @Test
    void a_chunkserver_that_this_master_never_named_is_refused() {
        Effect said = answer(new MasterInput.Register(
                1, server().setCellId(CELL).setServerId(9).build()));
        assertThat(((Effect.Refuse) said).code()).isEqualTo(ErrorCode.WRONG_CELL);
        assertThat(met).containsExactly(Probe.SERVER_NEVER_KNOWN);
    }

    @Test
    void a_replica_of_a_chunk_that_this_master_never_made_is_kept() {
        Effect registered = answer(new MasterInput.Register(1, server().build()));
        long id = ((RegisterReply) ((Effect.Answer) registered).reply()).getServerId();
        Effect told = answer(new MasterInput.Replicas(
                2,
                ReplicasRequest.newBuilder()
                        .setServerId(id)
                        .setSession(5)
                        .addReplicas(ReplicaReport.newBuilder().setHandle(9999).setFence(1))
                        .setLast(true)
                        .build()));
        assertThat(((ReplicasReply) ((Effect.Answer) told).reply()).getDropList())
                .isEmpty();
        assertThat(met).containsExactly(Probe.CHUNK_NEVER_MADE);
    }
}
