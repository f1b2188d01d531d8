package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Witness.Acknowledged;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaleReadCheckTest {

    private static final ChunkHandle CHUNK = new ChunkHandle(7);
    private static final ServerId SERVER = new ServerId(1);

    private static final Acknowledged MUTATION = new Acknowledged(5, false);

    private final List<String> violations = new ArrayList<>();
    private final StaleReadCheck check = new StaleReadCheck(violations::add);

    @Test
    void an_old_version_is_served_until_a_newer_one_has_acknowledged_something() {
        check.acknowledged(CHUNK, 1, 1, SERVER, MUTATION);
        check.served(CHUNK, 1, SERVER);
        check.established(CHUNK, 2, 1, new ServerId(2), true);
        check.served(CHUNK, 1, SERVER);
        assertEquals(List.of(), violations);
        check.acknowledged(CHUNK, 2, 2, new ServerId(2), MUTATION);
        check.served(CHUNK, 2, new ServerId(2));
        check.served(new ChunkHandle(8), 1, SERVER);
        assertEquals(List.of(), violations);
        check.served(CHUNK, 1, SERVER);
        assertEquals(1, violations.size());
        assertEquals(5, check.reads());
    }
}
