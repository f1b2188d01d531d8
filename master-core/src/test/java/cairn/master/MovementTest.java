package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.wire.proto.DeleteReply;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.ReportReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/decisions/0006: what moves while servers join, fill, are drained and die, and in which order. */
final class MovementTest {
    private static final double NEVER = 2;
    private static final double UNEVEN = MasterSettings.DEFAULT.unevenMax();

    private static void neverBelow(Fleet fleet, int chunks, int goal) {
        for (long handle = 1; handle <= chunks; handle++) {
            assertThat(fleet.holders(handle)).as("holders of %d", handle).hasSizeGreaterThanOrEqualTo(goal);
        }
    }

    private static Fleet of(String... racks) {
        return of(NEVER, racks);
    }

    private static Fleet of(double uneven, String... racks) {
        Fleet fleet = new Fleet(uneven);
        for (String rack : racks) {
            fleet.join(rack);
        }
        fleet.pass(20);
        return fleet;
    }

    private static int difference(Fleet fleet) {
        int most =
                fleet.held.values().stream().mapToInt(java.util.Set::size).max().orElseThrow();
        int least =
                fleet.held.values().stream().mapToInt(java.util.Set::size).min().orElseThrow();
        return most - least;
    }

    @Test
    void a_server_that_joins_gets_its_share_and_nothing_is_ever_below_its_goal() {
        Fleet fleet = of(UNEVEN, "a", "a", "a");
        fleet.chunks(40, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.join("a");
        fleet.pass(120, () -> neverBelow(fleet, 40, 3));
        assertThat(difference(fleet)).as("of 100 that each can hold, in chunks").isLessThanOrEqualTo(5);
        int moved = fleet.clones.size();
        assertThat(moved).isBetween(24, 32);
        fleet.pass(300);
        assertThat(fleet.clones).as("it does not swing").hasSize(moved);
        assertThat(fleet.held.values().stream().mapToInt(java.util.Set::size).sum())
                .isEqualTo(120);
        assertThat(fleet.report().getMovement().getBalancing()).isFalse();
    }

    @Test
    void evening_out_begins_as_many_moves_at_a_time_as_the_limits_of_copies_leave_room_for() {
        Fleet fleet = new Fleet(UNEVEN);
        for (int i = 0; i < 40; i++) {
            fleet.join("a");
        }
        fleet.pass(20);
        fleet.set("copies-percent", 100);
        for (long first = 1; first <= 40; first++) {
            fleet.chunks(10, first, first % 40 + 1, (first + 1) % 40 + 1);
        }
        fleet.pass(5);
        for (int i = 0; i < 20; i++) {
            fleet.join("a");
        }
        int[] before = {0, 0};
        fleet.pass(30, () -> {
            before[1] = Math.max(before[1], fleet.clones.size() - before[0]);
            before[0] = fleet.clones.size();
        });
        assertThat(before[1]).as("half of 60").isEqualTo(30);
        assertThat(difference(fleet)).isLessThanOrEqualTo(5);
        neverBelow(fleet, 400, 3);
    }

    @Test
    void servers_that_are_nearly_equal_are_left_alone() {
        Fleet fleet = of(UNEVEN, "a", "a", "a", "a");
        fleet.chunks(9, 1L, 2L, 3L);
        fleet.pass(120);
        assertThat(fleet.clones).isEmpty();
    }

    @Test
    void a_fuller_server_gives_only_what_leaves_two_racks() {
        Fleet fleet = of(UNEVEN, "a", "a", "b");
        fleet.chunks(40, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.join("a");
        fleet.pass(120, () -> {
            for (long handle = 1; handle <= 40; handle++) {
                assertThat(fleet.racksOf(handle)).hasSize(2);
            }
        });
        assertThat(fleet.clones).isNotEmpty();
        assertThat(fleet.held(3)).as("alone on its rack").hasSize(40);
    }

    @Test
    void a_rack_that_changes_at_a_restart_holds_for_what_the_server_has_and_only_what_is_on_one_rack_moves() {
        Fleet fleet = of("a", "a", "a", "a");
        fleet.chunks(10, 1L, 2L, 3L);
        fleet.pass(20);
        int before = fleet.clones.size();
        fleet.restartOn(3, "b");
        fleet.pass(60);
        assertThat(fleet.clones).as("each is on two racks already").hasSize(before);
        fleet.restartOn(3, "a");
        fleet.restartOn(4, "b");
        fleet.pass(60, () -> neverBelow(fleet, 10, 3));
        for (long handle = 1; handle <= 10; handle++) {
            assertThat(fleet.racksOf(handle)).hasSize(2);
        }
        assertThat(fleet.clones).hasSize(before + 10);
    }

    @Test
    void chunks_that_are_on_one_rack_get_a_replica_on_another_one() {
        Fleet fleet = of("a", "a", "a");
        fleet.chunks(10, 1L, 2L, 3L);
        fleet.pass(5);
        assertThat(fleet.report().getMovement().getNarrow()).isZero();
        fleet.join("b");
        fleet.pass(60, () -> neverBelow(fleet, 10, 3));
        for (long handle = 1; handle <= 10; handle++) {
            assertThat(fleet.racksOf(handle)).hasSize(2);
            assertThat(fleet.holders(handle)).hasSize(3);
        }
        assertThat(fleet.report().getMovement().getNarrow()).isZero();
        int moved = fleet.clones.size();
        fleet.pass(60);
        assertThat(fleet.clones).hasSize(moved);
    }

    @Test
    void a_drained_server_ends_empty_and_the_others_share_what_it_had() {
        Fleet fleet = of("a", "a", "a", "a", "a");
        fleet.chunks(30, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.drain(1);
        fleet.pass(60, () -> neverBelow(fleet, 30, 3));
        assertThat(fleet.held(1)).isEmpty();
        assertThat(fleet.held(4).size() + fleet.held(5).size()).isEqualTo(30);
    }

    @Test
    void the_most_endangered_are_copied_first_then_the_living_then_what_waits_in_the_trash() {
        Fleet fleet = of("a", "a", "a", "a", "a");
        fleet.chunks(20, 1L, 2L, 3L); // will have two left
        String trashed = fleet.chunks(10, 1L, 2L, 3L);
        fleet.chunks(10, 2L, 3L, 4L); // will have one left
        fleet.pass(5);
        Bench.reply(fleet.master.delete(trashed, false, false), DeleteReply.class);
        fleet.away.addAll(List.of(3L, 4L));
        fleet.pass(200);
        assertThat(firstCopied(fleet, 31, 40)).as("all with one replica").isLessThan(firstCopied(fleet, 1, 20));
        assertThat(firstCopied(fleet, 1, 20)).as("deleted ones last").isLessThan(firstCopied(fleet, 21, 30));
        ReportReply report = fleet.report();
        assertThat(report.getMovement().getMissingLost()).isZero();
        assertThat(report.getMovement().getCopied()).isEqualTo(fleet.clones.size());
        assertThat(report.getMovement().getCopiedBytes()).isEqualTo(fleet.clones.size() * Fleet.CHUNK);
    }

    @Test
    void what_a_client_has_met_is_copied_before_its_equals() {
        Fleet fleet = of("a", "a", "a", "a");
        fleet.chunks(30, 1L, 2L, 3L);
        String met = fleet.chunks(1, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.away.add(3L);
        fleet.pass(12);
        fleet.master.ask(new MasterInput.Locate(
                fleet.master.ticket(),
                LocateRequest.newBuilder().setPath(met).setCount(10).build()));
        fleet.pass(60);
        assertThat(fleet.clones.getFirst().chunk().value()).isEqualTo(31);
    }

    /** When the last of these chunks was copied for the first time. */
    private static int firstCopied(Fleet fleet, long from, long to) {
        List<Long> order =
                fleet.clones.stream().map(clone -> clone.chunk().value()).toList();
        int last = -1;
        for (long handle = from; handle <= to; handle++) {
            assertThat(order).contains(handle);
            last = Math.max(last, order.indexOf(handle));
        }
        return last;
    }

    @Test
    void copies_are_bounded_at_each_server_and_in_the_cell() {
        Fleet fleet = of("a", "a", "a", "a", "a", "a");
        fleet.chunks(60, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.away.add(3L);
        int[] before = {0};
        fleet.pass(40, () -> {
            assertThat(fleet.clones.size() - before[0])
                    .as("two taken by each of three servers, or given by each of two")
                    .isLessThanOrEqualTo(4);
            before[0] = fleet.clones.size();
        });
        assertThat(fleet.clones).isNotEmpty();
    }

    @Test
    void a_small_cell_works_and_says_what_it_cannot_do() {
        Fleet fleet = of("a", "a");
        fleet.chunks(3, 1L, 2L);
        fleet.pass(20);
        ReportReply report = fleet.report();
        assertThat(report.getChunksUnder()).isEqualTo(3);
        assertThat(report.getMovement().getRemarksList())
                .containsExactly("2 chunkservers for files that want 3 replicas: each chunk has 2 there at most");
        assertThat(fleet.clones).isEmpty();
    }
}
