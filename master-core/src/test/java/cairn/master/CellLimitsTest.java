package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.wire.proto.LimitChange;
import cairn.wire.proto.LimitSetting;
import cairn.wire.proto.LimitsReply;
import cairn.wire.proto.LimitsRequest;
import cairn.wire.proto.RequestId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much is copied at a time, and how fast, is set while the cell runs, and stays so. */
final class CellLimitsTest {
    private static final double NEVER = 2;

    private static Fleet of(int servers) {
        return of(servers, NEVER);
    }

    private static Fleet of(int servers, double uneven) {
        Fleet fleet = new Fleet(uneven);
        for (int i = 0; i < servers; i++) {
            fleet.join("r");
        }
        fleet.pass(20);
        return fleet;
    }

    private static LimitSetting limit(LimitsReply reply, String name) {
        return reply.getLimitsList().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static LimitsReply shown(Bench master) {
        return Bench.reply(
                master.ask(new MasterInput.Limits(master.ticket(), LimitsRequest.getDefaultInstance())),
                LimitsReply.class);
    }

    /** The most copies that began in one tick after all of these chunks lost a replica. */
    private static int begunAtOnce(Fleet fleet) {
        fleet.chunks(60, 1L, 2L, 3L);
        fleet.pass(5);
        fleet.away.add(3L);
        int[] seen = {0, 0};
        fleet.pass(40, () -> {
            seen[0] = Math.max(seen[0], fleet.clones.size() - seen[1]);
            seen[1] = fleet.clones.size();
        });
        return seen[0];
    }

    @Test
    void a_late_copy_of_a_change_does_not_take_back_a_later_one() {
        Bench master = new Bench();
        change(master, 1, 3);
        change(master, 2, 5);
        LimitsReply late = change(master, 1, 3);
        assertThat(limit(late, "copies-in-cell").getValue()).isEqualTo(5);
        master.restart();
        change(master, 1, 3);
        assertThat(limit(shown(master), "copies-in-cell").getValue()).isEqualTo(5);
    }

    private static LimitsReply change(Bench master, long sequence, long value) {
        LimitChange change = LimitChange.newBuilder()
                .setName("copies-in-cell")
                .setValue(value)
                .build();
        LimitsRequest request = LimitsRequest.newBuilder()
                .addChanges(change)
                .setId(RequestId.newBuilder().setClient(9).setSequence(sequence))
                .build();
        return Bench.reply(master.ask(new MasterInput.Limits(master.ticket(), request)), LimitsReply.class);
    }

    @Test
    void the_cell_is_limited_by_a_number_of_copies() {
        Fleet fleet = of(40);
        fleet.set("copies-per-server", 100);
        fleet.set("copies-in-cell", 3);
        fleet.set("copies-percent", 1);
        assertThat(begunAtOnce(fleet)).isEqualTo(3);
    }

    @Test
    void a_large_cell_is_limited_by_a_share_of_its_servers() {
        Fleet fleet = of(40);
        fleet.set("copies-per-server", 100);
        assertThat(begunAtOnce(fleet)).as("two fifths of 39").isEqualTo(15);
    }

    @Test
    void each_server_is_limited() {
        Fleet fleet = of(40);
        fleet.set("copies-per-server", 1);
        assertThat(begunAtOnce(fleet)).as("two servers can give").isEqualTo(2);
    }

    @Test
    void a_copy_is_told_how_fast_it_may_be() {
        Fleet fleet = of(5);
        fleet.set("rate-per-copy", 6_250_000);
        begunAtOnce(fleet);
        assertThat(fleet.clones).isNotEmpty();
        assertThat(fleet.clones)
                .allSatisfy(clone ->
                        assertThat(clone.request().getBytesPerSecondMax()).isEqualTo(6_250_000));
    }

    @Test
    void what_is_set_survives_a_restart_and_a_checkpoint_until_it_is_given_back() {
        Fleet fleet = of(1);
        fleet.set("copies-in-cell", 77);
        MasterImage image = fleet.master.core.image();
        assertThat(Bench.exported(fleet.master.replayed())).isEqualTo(Bench.exported(image));
        assertThat(Bench.exported(Bench.reloaded(image))).isEqualTo(Bench.exported(image));
        fleet.master.restart();
        LimitSetting set = limit(shown(fleet.master), "copies-in-cell");
        assertThat(set.getValue()).isEqualTo(77);
        assertThat(set.getSet()).isTrue();
        assertThat(set.getBuiltIn()).isEqualTo(10);
        assertThat(fleet.set("copies-in-cell", 0)).isInstanceOf(Effect.Answer.class);
        assertThat(limit(shown(fleet.master), "copies-in-cell").getValue()).isEqualTo(10);
        assertThat(limit(fleet.report().getLimits(), "copies-in-cell").getSet()).isFalse();
    }

    @Test
    void what_cannot_be_is_refused_and_says_what_can() {
        Fleet fleet = of(1);
        Effect.Refuse refused = (Effect.Refuse) fleet.set("rate-per-copy", 5);
        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refused.message()).contains("rate-per-copy").contains("1048576");
        assertThat(fleet.set("speed", 5)).isInstanceOf(Effect.Refuse.class);
        assertThat(fleet.set("copies-per-server", -1)).isInstanceOf(Effect.Refuse.class);
    }

    @Test
    void the_page_of_limits_has_them_all() throws IOException {
        Path here = Path.of("docs");
        Path docs = Files.isDirectory(here) ? here : Path.of("..", "docs");
        List<String> rows = new ArrayList<>();
        for (LimitSetting limit :
                shown(of(1, MasterSettings.DEFAULT.unevenMax()).master).getLimitsList()) {
            boolean plain = limit.getUnit().isEmpty();
            rows.add("| `%s` | %d | %d | %d |%s|"
                    .formatted(
                            limit.getName(),
                            limit.getBuiltIn(),
                            limit.getLeast(),
                            limit.getMost(),
                            plain ? " " : " " + limit.getUnit() + " "));
        }
        assertThat(Files.readAllLines(docs.resolve("limits.md"))).containsSequence(rows);
    }

    @Test
    void evening_out_can_be_switched_off_and_on() {
        Fleet fleet = of(3);
        fleet.set("uneven-percent", 100);
        fleet.chunks(40, 1L, 2L, 3L);
        fleet.join("r");
        fleet.pass(60);
        assertThat(fleet.clones).isEmpty();
        fleet.set("uneven-percent", 10);
        fleet.pass(30);
        assertThat(fleet.clones).isNotEmpty();
    }
}
