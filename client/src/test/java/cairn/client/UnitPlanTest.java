package cairn.client;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.Limits;
import cairn.rpc.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UnitPlanTest {
    private final UnitPlan plan = new UnitPlan(1 << 20);
    private final List<Unit> units = new ArrayList<>();

    private Unit add() {
        return add(10);
    }

    private Unit add(int bytes) {
        Unit unit = Unit.append(Payload.of(ByteBuffer.allocate(bytes)), 0, false);
        plan.add(unit);
        units.add(unit);
        return unit;
    }

    /** Sends all that may be sent; sequence<previous of each. */
    private List<String> send() {
        List<String> sent = new ArrayList<>();
        for (Unit unit = plan.next(0); unit != null; unit = plan.next(0)) {
            sent.add(unit.sequence + "<" + unit.previous);
        }
        return sent;
    }

    private void answer(int unit, long offset) {
        plan.answered(plan.epoch(), units.get(unit - 1), offset);
    }

    private void refuse(int unit, ErrorCode code) {
        plan.refused(plan.epoch(), units.get(unit - 1), new CairnException(code, "scripted"));
    }

    @Test
    void each_unit_names_the_one_before_it_and_the_first_names_none() {
        add();
        add();
        add();
        assertThat(send()).as("nothing is sent without a place").isEmpty();
        assertThat(plan.needsPlace()).isTrue();
        plan.placed(false);
        assertThat(send()).containsExactly("1<0", "2<1", "3<2");
        answer(1, 100);
        assertThat(plan.acknowledged()).isEqualTo(1);
        add();
        assertThat(send()).containsExactly("4<3");
        answer(2, 110);
        answer(3, 120);
        answer(4, 130);
        assertThat(plan.isEmpty()).isTrue();
        add();
        assertThat(send()).as("nothing is outstanding").containsExactly("5<0");
    }

    @Test
    void after_a_lost_connection_all_unanswered_units_go_out_again_in_order_with_the_same_sequences() {
        add();
        add();
        add();
        plan.placed(false);
        send();
        answer(1, 0);
        plan.lost(plan.epoch(), new CairnException(ErrorCode.UNREACHABLE, "gone"));
        assertThat(plan.unsure()).isTrue();
        assertThat(plan.broken()).isTrue();
        assertThat(send()).isEmpty();
        add();
        plan.placed(false);
        assertThat(send()).containsExactly("2<0", "3<2", "4<3");
    }

    @Test
    void an_answer_from_before_the_present_place_means_nothing() {
        add();
        plan.placed(false);
        send();
        int old = plan.epoch();
        refuse(1, ErrorCode.STALE_VERSION);
        plan.placed(false);
        send();
        plan.refused(old, units.get(0), new CairnException(ErrorCode.SEALED, "late"));
        plan.answered(old, units.get(0), 7);
        assertThat(units.get(0).state).isEqualTo(Unit.State.SENT);
        answer(1, 9);
        assertThat(units.get(0).fileOffset).isEqualTo(9);
    }

    @Test
    void a_damaged_unit_holds_back_those_behind_it_and_all_are_sent_again_from_it() {
        add();
        add();
        add();
        plan.placed(false);
        send();
        refuse(2, ErrorCode.BAD_CHECKSUM);
        add();
        assertThat(send()).as("answers are still on their way").isEmpty();
        refuse(3, ErrorCode.OUT_OF_ORDER);
        assertThat(send()).isEmpty();
        answer(1, 0);
        assertThat(plan.takePause()).isTrue();
        assertThat(send()).containsExactly("2<0", "3<2", "4<3");
    }

    @Test
    void units_refused_by_a_seal_move_on_in_order_and_those_applied_stay() {
        add();
        add();
        add();
        plan.placed(false);
        send();
        answer(1, 0);
        refuse(2, ErrorCode.SEALED);
        assertThat(plan.needsPlace()).as("the third is not answered yet").isFalse();
        refuse(3, ErrorCode.SEALED);
        assertThat(plan.needsPlace()).isTrue();
        assertThat(plan.unsure()).as("any chunk will do").isFalse();
        plan.placed(false);
        assertThat(send()).containsExactly("2<0", "3<2");
    }

    @Test
    void a_small_unit_behind_one_that_did_not_fit_is_not_applied_either() {
        add();
        add();
        plan.placed(false);
        send();
        refuse(1, ErrorCode.SEALED);
        refuse(2, ErrorCode.OUT_OF_ORDER);
        assertThat(plan.unsure()).isFalse();
        plan.placed(false);
        assertThat(send()).containsExactly("1<0", "2<1");
    }

    @Test
    void what_may_have_been_applied_is_asked_for_at_the_sealed_chunk_before_anything_moves() {
        add();
        add();
        add();
        plan.placed(false);
        send();
        plan.lost(plan.epoch(), new CairnException(ErrorCode.UNREACHABLE, "gone"));
        add();
        plan.placed(true);
        assertThat(plan.phase()).isEqualTo(UnitPlan.Phase.ASKING);
        assertThat(send()).as("never the fourth: it was not sent there").containsExactly("1<0", "2<1", "3<2");
        answer(1, 50);
        refuse(2, ErrorCode.SEALED);
        assertThat(plan.needsPlace()).isFalse();
        refuse(3, ErrorCode.OUT_OF_ORDER);
        assertThat(plan.needsPlace()).isTrue();
        assertThat(plan.unsure()).isFalse();
        plan.placed(false);
        assertThat(send()).containsExactly("2<0", "3<2", "4<3");
        assertThat(units.get(0).fileOffset).isEqualTo(50);
    }

    @Test
    void a_connection_lost_while_asking_is_asked_again() {
        add();
        add();
        plan.placed(false);
        send();
        plan.lost(plan.epoch(), new CairnException(ErrorCode.UNREACHABLE, "gone"));
        plan.placed(true);
        send();
        refuse(1, ErrorCode.UNREACHABLE);
        assertThat(plan.unsure()).isTrue();
        plan.placed(true);
        assertThat(send()).containsExactly("1<0", "2<1");
    }

    @Test
    void a_unit_refused_for_order_and_one_refused_by_a_seal_lead_to_asking() {
        add();
        add();
        add();
        plan.placed(false);
        send();
        refuse(1, ErrorCode.BUSY);
        refuse(2, ErrorCode.OUT_OF_ORDER);
        refuse(3, ErrorCode.SEALED);
        assertThat(plan.needsPlace()).isTrue();
        assertThat(plan.unsure()).isTrue();
        plan.placed(true);
        assertThat(send()).containsExactly("1<0", "2<1");
        refuse(1, ErrorCode.SEALED);
        refuse(2, ErrorCode.SEALED);
        plan.placed(false);
        assertThat(send()).containsExactly("1<0", "2<1", "3<2");
    }

    @Test
    void units_refused_by_a_seal_go_out_behind_those_unsure_to_the_same_chunk_when_it_was_opened_again() {
        add();
        add();
        add();
        plan.placed(false);
        send();
        refuse(1, ErrorCode.BUSY);
        refuse(2, ErrorCode.SEALED);
        refuse(3, ErrorCode.SEALED);
        assertThat(plan.unsure()).isTrue();
        plan.placed(false);
        assertThat(send()).containsExactly("1<0", "2<1", "3<2");
        answer(1, 0);
        answer(2, 10);
        answer(3, 20);
        assertThat(plan.isEmpty()).isTrue();
    }

    @Test
    void a_chunk_that_left_the_file_takes_its_unanswered_units_with_it_and_they_are_sent_elsewhere() {
        add();
        add();
        plan.placed(false);
        send();
        refuse(1, ErrorCode.STALE_VERSION);
        plan.gone();
        assertThat(plan.unsure()).isFalse();
        plan.placed(false);
        assertThat(send()).containsExactly("1<0", "2<1");
    }

    @Test
    void a_sync_travels_alone() {
        add();
        plan.add(Unit.sync());
        add();
        plan.placed(false);
        assertThat(send()).containsExactly("1<0");
        answer(1, 0);
        assertThat(send()).containsExactly("2<0");
        Unit third = units.get(1);
        assertThat(third.sequence).isEqualTo(3);
        assertThat(send()).isEmpty();
    }

    @Test
    void bytes_and_units_in_flight_are_bounded() {
        add(1 << 20);
        add(1);
        plan.placed(false);
        assertThat(send()).containsExactly("1<0");
        answer(1, 0);
        for (int i = 0; i < Limits.PRODUCER_WINDOW + 5; i++) {
            add(1);
        }
        assertThat(send()).hasSize(Limits.PRODUCER_WINDOW);
    }

    @Test
    void an_answer_that_overtakes_another_waits_for_it() {
        add();
        add();
        plan.placed(false);
        send();
        answer(2, 10);
        assertThat(plan.acknowledged()).isZero();
        answer(1, 0);
        assertThat(plan.acknowledged()).isEqualTo(2);
        assertThat(plan.isEmpty()).isTrue();
    }

    @Test
    void a_chunk_that_has_forgotten_the_first_unit_ends_the_plan() {
        add();
        plan.placed(false);
        send();
        refuse(1, ErrorCode.OUT_OF_ORDER);
        assertThat(plan.phase()).isEqualTo(UnitPlan.Phase.FAILED);
    }
}
