package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksumCheckTest {

    private static final ChunkHandle CHUNK = new ChunkHandle(7);
    private static final ServerId SERVER = new ServerId(1);
    private static final ServerId OTHER = new ServerId(2);

    private final List<String> alarms = new ArrayList<>();
    private final ChecksumCheck check = new ChecksumCheck(true, alarms::add);

    @Test
    void what_was_found_damaged_is_put_out_of_use() {
        check.foundDamaged(CHUNK, SERVER);
        assertFalse(check.isSettled());
        assertThrows(Violation.class, check::judgeSettled);
        check.putOutOfUse(CHUNK, SERVER);
        assertTrue(check.isSettled());
        check.judgeSettled();
        assertEquals(List.of(), alarms);
        assertEquals(1, check.found());
    }

    @Test
    void another_replica_or_another_chunk_put_out_of_use_is_not_enough() {
        check.foundDamaged(CHUNK, SERVER);
        check.putOutOfUse(CHUNK, OTHER);
        check.putOutOfUse(new ChunkHandle(8), SERVER);
        assertThrows(Violation.class, check::judgeSettled);
    }

    @Test
    void a_good_copy_may_be_damaged_as_well() {
        check.foundDamaged(CHUNK, SERVER);
        check.putOutOfUse(CHUNK, SERVER);
        check.foundDamaged(CHUNK, SERVER);
        assertThrows(Violation.class, check::judgeSettled);
    }

    @Test
    void a_process_that_ended_has_told_nobody_and_the_next_one_finds_it_again() {
        check.foundDamaged(CHUNK, SERVER);
        check.foundDamaged(CHUNK, OTHER);
        check.restarted(SERVER);
        check.putOutOfUse(CHUNK, OTHER);
        check.judgeSettled();
        check.foundDamaged(CHUNK, SERVER);
        assertThrows(Violation.class, check::judgeSettled);
    }

    @Test
    void a_replica_that_counts_as_good_matches_its_sums() {
        check.judge(CHUNK, "chunk0", "");
        Violation bad = assertThrows(Violation.class, () -> check.judge(CHUNK, "chunk0", "block 3 is damaged"));
        assertTrue(String.valueOf(bad.getMessage()).contains("block 3 is damaged"), bad::getMessage);
    }

    @Test
    void damage_where_nothing_harms_the_disks_is_a_false_alarm() {
        ChecksumCheck unharmed = new ChecksumCheck(false, alarms::add);
        unharmed.foundDamaged(CHUNK, SERVER);
        assertEquals(1, alarms.size());
    }
}
