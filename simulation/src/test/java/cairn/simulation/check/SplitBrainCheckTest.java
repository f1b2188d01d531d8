package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Witness.Acknowledged;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitBrainCheckTest {

    private static final ChunkHandle CHUNK = new ChunkHandle(7);

    private final List<String> violations = new ArrayList<>();
    private final SplitBrainCheck check = new SplitBrainCheck(violations::add, false);

    private void lead(long version, long serial, long server) {
        check.established(CHUNK, version, serial, new ServerId(server), true);
    }

    private void follow(long version, long serial, long server) {
        check.established(CHUNK, version, serial, new ServerId(server), false);
    }

    private void acknowledge(long version, long serial, long server) {
        acknowledge(version, serial, server, serial);
    }

    private void acknowledge(long version, long serial, long server, long mutation) {
        check.acknowledged(CHUNK, version, serial, new ServerId(server), new Acknowledged(mutation, true));
    }

    private void passes() {
        assertEquals(List.of(), violations);
    }

    private void fails() {
        assertFalse(violations.isEmpty());
    }

    @Test
    void versions_may_follow_each_other() {
        follow(1, 0, 2);
        lead(1, 0, 1);
        acknowledge(1, 1, 1);
        acknowledge(1, 2, 1);
        lead(2, 2, 2);
        acknowledge(2, 3, 2);
        passes();
        assertEquals(3, check.acknowledgements());
    }

    @Test
    void an_acknowledgement_may_come_late_if_the_next_version_has_the_mutation() {
        lead(1, 0, 1);
        lead(2, 1, 2);
        acknowledge(1, 1, 1);
        passes();
        acknowledge(1, 2, 1);
        fails();
    }

    @Test
    void where_all_may_lose_power_only_what_was_synced_has_to_stay() {
        SplitBrainCheck frail = new SplitBrainCheck(violations::add, true);
        frail.established(CHUNK, 1, 0, new ServerId(1), true);
        frail.acknowledged(CHUNK, 1, 1, new ServerId(1), new Acknowledged(1, false));
        frail.established(CHUNK, 2, 0, new ServerId(1), true);
        frail.acknowledged(CHUNK, 2, 1, new ServerId(1), new Acknowledged(2, true));
        passes();
        frail.established(CHUNK, 3, 0, new ServerId(1), true);
        fails();
    }

    @Test
    void two_do_not_lead_one_version() {
        lead(1, 0, 1);
        lead(1, 0, 2);
        fails();
    }

    @Test
    void all_members_begin_with_the_same_content() {
        follow(2, 5, 2);
        lead(2, 6, 1);
        fails();
    }

    @Test
    void a_new_version_has_all_that_was_acknowledged() {
        lead(1, 0, 1);
        acknowledge(1, 1, 1);
        lead(2, 0, 2);
        fails();
    }

    @Test
    void only_the_primary_acknowledges() {
        lead(1, 0, 1);
        acknowledge(1, 1, 2);
        fails();
    }

    @Test
    void nobody_acknowledges_under_a_version_that_is_not_established() {
        acknowledge(1, 1, 1);
        fails();
    }

    @Test
    void a_serial_is_acknowledged_for_one_mutation() {
        lead(1, 0, 1);
        acknowledge(1, 1, 1, 100);
        acknowledge(1, 1, 1, 100);
        passes();
        acknowledge(1, 1, 1, 200);
        fails();
    }

    @Test
    void a_fence_is_kept() {
        lead(1, 0, 1);
        check.served(CHUNK, 1, new ServerId(1));
        check.fenced(CHUNK, 2, new ServerId(1));
        check.served(CHUNK, 2, new ServerId(1));
        check.served(CHUNK, 1, new ServerId(2));
        passes();
        check.served(CHUNK, 1, new ServerId(1));
        assertEquals(1, violations.size());
        acknowledge(1, 1, 1);
        assertEquals(2, violations.size());
    }
}
