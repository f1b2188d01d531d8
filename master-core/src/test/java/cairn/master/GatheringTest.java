package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who holds what is not known at once: what only was not shown yet is not copied. */
final class GatheringTest {
    private static final double NEVER = 2;

    private static Fleet of(Fleet fleet, int servers) {
        for (int i = 0; i < servers; i++) {
            fleet.join("a");
        }
        fleet.pass(20);
        return fleet;
    }

    @Test
    void a_server_that_registers_anew_is_not_missed_before_it_has_had_time_to_show_what_it_holds() {
        Fleet fleet = of(new Fleet(NEVER), 4);
        fleet.chunks(20, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.again(3);
        fleet.pass(2);
        fleet.page(3, fleet.held(3).headSet(8L), false);
        fleet.pass(2);
        assertThat(fleet.clones).as("two are left, and the third is here").isEmpty();
        fleet.back(3);
        fleet.pass(20);
        assertThat(fleet.clones).isEmpty();
    }

    @Test
    void the_last_but_one_replica_is_waited_for_too_while_its_servers_are_here_and_showing_it() {
        Fleet fleet = of(new Fleet(NEVER), 4);
        fleet.chunks(20, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.again(2);
        fleet.again(3);
        fleet.pass(3);
        fleet.back(2);
        fleet.back(3);
        fleet.pass(20);
        assertThat(fleet.clones).isEmpty();
    }

    @Test
    void what_a_server_does_not_show_when_it_has_shown_all_is_copied() {
        Fleet fleet = of(new Fleet(NEVER), 4);
        fleet.chunks(20, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.again(3);
        fleet.held(3).removeIf(handle -> handle > 12);
        fleet.back(3);
        fleet.pass(20);
        assertThat(fleet.clones).hasSize(8);
    }

    @Test
    void a_server_that_begins_to_register_again_and_again_is_not_waited_for_any_longer() {
        Fleet fleet = of(new Fleet(NEVER), 4);
        fleet.chunks(20, 1L, 2L, 3L);
        fleet.pass(5);
        for (int i = 0; i < 10; i++) {
            fleet.again(3);
            fleet.page(3, List.of(1L, 2L), false);
            fleet.pass(3);
        }
        assertThat(fleet.clones).isNotEmpty();
        assertThat(fleet.held(4)).hasSize(20);
    }

    @Test
    void a_server_that_comes_back_after_an_hour_has_its_time_to_show_what_it_holds_although_it_had_begun_before() {
        Fleet fleet = of(new Fleet(NEVER), 4);
        fleet.chunks(20, 1L, 2L, 3L);
        fleet.chunks(20, 2L, 3L, 4L);
        fleet.pass(5);
        fleet.again(3);
        fleet.away.addAll(List.of(1L, 2L, 4L));
        fleet.pass(3600);
        List.of(1L, 2L, 4L).forEach(fleet::again);
        List.of(1L, 2L, 4L).forEach(fleet::back);
        fleet.again(3);
        fleet.page(3, fleet.held(3), false);
        fleet.pass(3);
        assertThat(fleet.clones).isEmpty();
    }

    @Test
    void a_copy_that_waits_is_judged_again_when_it_is_its_turn() {
        Fleet fleet = of(new Fleet(looking(1)), 5);
        fleet.set("copies-in-cell", 1);
        fleet.set("copies-percent", 1);
        fleet.chunks(40, 1L, 2L, 3L);
        fleet.pass(20);
        fleet.away.add(3L);
        while (fleet.clones.size() < 10) {
            fleet.pass(1);
        }
        fleet.again(3);
        fleet.back(3);
        int begun = fleet.clones.size();
        assertThat(begun).isLessThan(25);
        fleet.pass(60);
        assertThat(fleet.clones).as("the others are all there again").hasSize(begun);
    }

    @Test
    void after_a_start_nothing_is_copied_while_servers_are_away_that_may_be_back() {
        Fleet fleet = of(new Fleet(NEVER), 4);
        fleet.chunks(20, 1L);
        fleet.chunks(20, 1L, 2L, 3L);
        fleet.master.restart();
        fleet.away.addAll(List.of(2L, 3L));
        List.of(1L, 4L).forEach(fleet::again);
        List.of(1L, 4L).forEach(fleet::back);
        fleet.pass(4);
        assertThat(fleet.clones).isEmpty();
        fleet.pass(4);
        assertThat(fleet.clones).as("who is not here by now is missed").isNotEmpty();
    }

    @Test
    void when_all_servers_that_are_known_have_shown_what_they_hold_there_is_nothing_to_wait_for() {
        Fleet fleet = of(new Fleet(NEVER), 4);
        fleet.chunks(20, 1L);
        fleet.master.restart();
        List.of(1L, 2L, 3L, 4L).forEach(fleet::again);
        List.of(1L, 2L, 3L, 4L).forEach(fleet::back);
        fleet.pass(2);
        assertThat(fleet.clones).isNotEmpty();
    }

    @Test
    void a_large_cell_is_given_longer_as_long_as_its_servers_go_on_to_show_what_they_hold() {
        Fleet fleet = new Fleet(NEVER);
        long server = fleet.join("a");
        fleet.chunks(40_000, server);
        Gathering gathering = new Gathering(fleet.master.core.image(), MasterSettings.DEFAULT, 0);
        List<ServerState> servers =
                new ArrayList<>(List.of(new ServerState(new KnownServer(new ServerId(9), "host:1", "a", false))));
        for (long tenth = 0; tenth < 70; tenth += 10) {
            gathering.shown(tenth * Bench.SECOND / 10);
            assertThat(gathering.isOver(servers, tenth * Bench.SECOND / 10)).isFalse();
        }
        assertThat(gathering.isOver(servers, 69 * Bench.SECOND / 10)).isFalse();
        assertThat(gathering.isOver(servers, 7 * Bench.SECOND))
                .as("5 s, and 50 us for each chunk")
                .isTrue();

        Gathering quiet = new Gathering(fleet.master.core.image(), MasterSettings.DEFAULT, 0);
        assertThat(quiet.isOver(servers, 49 * Bench.SECOND / 10)).isFalse();
        assertThat(quiet.isOver(servers, 5 * Bench.SECOND))
                .as("nothing was shown")
                .isTrue();
    }

    private static MasterSettings looking(int perTick) {
        MasterSettings all = MasterSettings.DEFAULT.withUnevenMax(NEVER);
        return new MasterSettings(
                all.servingTerm(),
                all.servingMargin(),
                all.heartbeat(),
                all.leftBehind(),
                all.silentAfter(),
                all.deadAfter(),
                all.repairAfter(),
                all.registerGrace(),
                all.requestWait(),
                all.idleLead(),
                all.trashMillis(),
                all.steadyAfter(),
                all.steadyDoublingsMax(),
                all.clonesPerServerMax(),
                all.clonesPerCellMax(),
                all.clonesPercent(),
                all.purgePerTickMax(),
                perTick,
                all.unevenMax(),
                Set.of());
    }
}
