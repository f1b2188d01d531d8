package cairn.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cairn.simulation.check.Linearizability.Verdict;
import cairn.simulation.check.NamespaceOp.Kind;
import cairn.simulation.check.NamespaceOp.Request;
import cairn.simulation.check.Tree.Entry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge of the namespace on trash and quotas: what it accepts and what it does not. */
class TrashCheckTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<NamespaceOp> history = new ArrayList<>();
    private long now;
    private long nanos;

    private NamespaceOp call(Request request) {
        NamespaceOp op = new NamespaceOp("me", request, now++);
        op.calledAt(nanos);
        history.add(op);
        return op;
    }

    private void say(Request request, String words) {
        NamespaceOp op = call(request);
        op.answered(words, now++);
        op.endedAt(nanos);
    }

    private void make(String path, boolean directory) {
        Entry entry = new Entry(directory, 0755, "me", 3);
        say(new Request(directory ? Kind.MKDIR : Kind.CREATE, path, "", false, false, entry, 0), Tree.OK);
    }

    private static Request create(String path) {
        return new Request(Kind.CREATE, path, "", false, false, new Entry(false, 0755, "me", 3), 0);
    }

    private static Request delete(String path) {
        return new Request(Kind.DELETE, path, "", true, true, Entry.NONE, 0);
    }

    private static Request undelete(String path) {
        return Request.of(Kind.UNDELETE, path);
    }

    private static Request rule(Kind kind, String path, int limit) {
        return new Request(kind, path, "", false, false, Entry.NONE, limit);
    }

    private void fits() {
        assertEquals(Verdict.LINEARIZABLE, new NamespaceCheck(NamespaceCheck.onlyDirectory("/d", 3), history).judge());
    }

    private void doesNotFit() {
        assertThrows(Violation.class, this::fits);
    }

    @Test
    void a_tree_comes_back_whole_and_once() {
        make("/d/a", true);
        make("/d/a/f", false);
        say(delete("/d/a"), Tree.OK);
        say(Request.of(Kind.LIST_TRASH, "/d"), "/d/a/:1");
        say(undelete("/d/a"), Tree.OK);
        say(Request.of(Kind.LIST, "/d/a"), "f");
        say(undelete("/d/a"), "NOT_FOUND");
        fits();
    }

    @Test
    void what_was_deleted_cannot_be_lost_before_its_time() {
        make("/d/f", false);
        say(delete("/d/f"), Tree.OK);
        nanos += 1000 * SECOND;
        say(undelete("/d/f"), "NOT_FOUND");
        doesNotFit();
    }

    @Test
    void what_is_kept_for_a_time_may_be_gone_after_it_and_not_before() {
        say(rule(Kind.SET_TRASH_TIME, "/d", 10), Tree.OK);
        make("/d/f", false);
        say(delete("/d/f"), Tree.OK);
        make("/d/f", false);
        nanos += 5 * SECOND;
        say(delete("/d/f"), Tree.OK);
        nanos += 5 * SECOND;
        say(Request.of(Kind.LIST_TRASH, "/d"), "/d/f:0");
        doesNotFit();
        history.removeLast();
        say(Request.of(Kind.LIST_TRASH, "/d"), "/d/f:1");
        say(Request.of(Kind.EMPTY_TRASH, "/d"), "emptied 1");
        fits();
    }

    @Test
    void what_has_been_seen_gone_does_not_come_back() {
        say(rule(Kind.SET_TRASH_TIME, "/d", 1), Tree.OK);
        make("/d/f", false);
        say(delete("/d/f"), Tree.OK);
        nanos += 2 * SECOND;
        say(Request.of(Kind.LIST_TRASH, "/d"), "");
        fits();
        say(undelete("/d/f"), Tree.OK);
        doesNotFit();
    }

    @Test
    void the_clock_of_the_master_may_take_anything_when_it_jumps() {
        make("/d/f", false);
        NamespaceOp deletion = call(delete("/d/f"));
        deletion.calledAt(Trash.CLOCK_JUMPS);
        deletion.answered(Tree.OK, now++);
        say(undelete("/d/f"), "NOT_FOUND");
        fits();
    }

    @Test
    void zero_keeps_nothing() {
        say(rule(Kind.SET_TRASH_TIME, "/d", 0), Tree.OK);
        make("/d/f", false);
        say(delete("/d/f"), Tree.OK);
        say(undelete("/d/f"), "NOT_FOUND");
        fits();
    }

    @Test
    void a_quota_lets_in_as_many_as_it_says() {
        say(rule(Kind.SET_QUOTA, "/d", 1), Tree.OK);
        make("/d/f", false);
        say(create("/d/g"), "QUOTA_EXCEEDED");
        say(delete("/d/f"), Tree.OK);
        make("/d/g", false);
        say(undelete("/d/f"), "QUOTA_EXCEEDED");
        fits();
        say(create("/d/h"), Tree.OK);
        doesNotFit();
    }

    @Test
    void an_emptied_trash_has_nothing_and_tells_how_much_it_was() {
        make("/d/f", false);
        say(delete("/d/f"), Tree.OK);
        say(Request.of(Kind.EMPTY_TRASH, "/d"), "emptied 2");
        doesNotFit();
        history.removeLast();
        say(Request.of(Kind.EMPTY_TRASH, "/d"), "emptied 1");
        say(Request.of(Kind.LIST_TRASH, "/d"), "");
        fits();
    }

    @Test
    void a_file_that_is_replaced_can_be_brought_back() {
        make("/d/f", false);
        say(new Request(Kind.CREATE, "/d/f", "", true, false, new Entry(false, 0700, "me", 3), 0), Tree.OK);
        say(undelete("/d/f"), "EXISTS");
        say(new Request(Kind.UNDELETE, "/d/f", "/d/old", false, false, Entry.NONE, 0), Tree.OK);
        say(Request.of(Kind.STAT, "/d/old"), "file 755 me x3 0");
        fits();
    }
}
