package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Witness.Acknowledged;
import cairn.simulation.check.ReplicaCheck.Chunk;
import cairn.simulation.check.ReplicaCheck.Replica;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaCheckTest {

    private static final Chunk SEALED = new Chunk("/f chunk 0", 3, true, 100, 2);
    private static final Replica GOOD = new Replica("a", 3, 9, 100, false, "sums", "memory", "");

    private static Replica at(String where, long established, long serial, long length, Object content) {
        return new Replica(where, established, serial, length, false, content, "memory", "");
    }

    private static void fails(Chunk chunk, Replica... found) {
        assertThrows(Violation.class, () -> ReplicaCheck.judge(chunk, List.of(found)));
    }

    @Test
    void older_and_suspect_replicas_do_not_count_and_do_not_matter() {
        Replica other = at("b", 3, 9, 100, "sums");
        Replica old = at("c", 2, 5, 60, "old");
        Replica suspect = new Replica("d", 3, 9, 100, true, "torn", "memory", "");
        assertEquals(List.of(GOOD, other), ReplicaCheck.judge(SEALED, List.of(GOOD, old, suspect, other)));
        fails(SEALED, GOOD, old, suspect);
    }

    @Test
    void good_replicas_are_equal() {
        fails(SEALED, GOOD, at("b", 3, 9, 100, "other sums"));
        fails(SEALED, GOOD, at("b", 3, 9, 99, "sums"));
        fails(SEALED, GOOD, at("b", 3, 8, 100, "sums"));
    }

    @Test
    void good_replicas_remember_the_same_producers() {
        fails(SEALED, GOOD, new Replica("b", 3, 9, 100, false, "sums", "other memory", ""));
    }

    @Test
    void a_sealed_chunk_has_its_length() {
        fails(new Chunk("/f chunk 0", 3, true, 99, 1), GOOD);
        ReplicaCheck.judge(new Chunk("/f chunk 0", 3, false, 0, 1), List.of(GOOD));
    }

    @Test
    void a_chunk_whose_good_replicas_are_all_gone_is_lost() {
        fails(SEALED);
        fails(SEALED, at("a", 2, 9, 100, "sums"), at("b", 2, 9, 100, "sums"));
    }

    @Test
    void what_was_acknowledged_is_in_every_good_replica() {
        ChunkHandle chunk = new ChunkHandle(7);
        SurvivalCheck check = new SurvivalCheck(false);
        check.acknowledged(chunk, 1, 8, new ServerId(1), new Acknowledged(8, false));
        check.acknowledged(chunk, 1, 9, new ServerId(1), new Acknowledged(9, false));
        check.judge(chunk, "a", 9);
        assertThrows(Violation.class, () -> check.judge(chunk, "a", 8));
    }

    @Test
    void where_all_may_lose_power_what_was_synced_is_in_every_good_replica() {
        ChunkHandle chunk = new ChunkHandle(7);
        SurvivalCheck check = new SurvivalCheck(true);
        check.acknowledged(chunk, 1, 8, new ServerId(1), new Acknowledged(8, true));
        check.acknowledged(chunk, 1, 9, new ServerId(1), new Acknowledged(9, false));
        check.judge(chunk, "a", 8);
        assertThrows(Violation.class, () -> check.judge(chunk, "a", 7));
    }

    @Test
    void all_that_an_idle_process_has_too_much_of_is_told() {
        new LeakCheck("chunk0")
                .atMost(3, "connections", 3)
                .atMost(0, "payloads", 0)
                .judge();
        Violation leak = assertThrows(
                Violation.class,
                () -> new LeakCheck("chunk0")
                        .atMost(3, "connections", 4)
                        .atMost(0, "payloads", 2)
                        .judge());
        assertEquals(
                "leak: chunk0 is idle and has 4 connections (at most 3), 2 payloads (at most 0)", leak.getMessage());
    }
}
