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

class NamespaceCheckTest {

    private final List<NamespaceOp> history = new ArrayList<>();
    private long now;

    private NamespaceOp call(Request request) {
        NamespaceOp op = new NamespaceOp("me", request, now++);
        history.add(op);
        return op;
    }

    private void answer(NamespaceOp op, String words) {
        op.answered(words, now++);
    }

    private void say(Request request, String words) {
        answer(call(request), words);
    }

    private static Request mkdir(String path) {
        return new Request(Kind.MKDIR, path, "", false, false, new Entry(true, 0755, "me", 3), 0);
    }

    private static Request rename(String from, String to) {
        return new Request(Kind.RENAME, from, to, false, false, Entry.NONE, 0);
    }

    private static Request page(String path, String after, int limit) {
        return new Request(Kind.LIST, path, after, false, false, Entry.NONE, limit);
    }

    private Verdict judge() {
        return new NamespaceCheck(NamespaceCheck.onlyDirectory("/d", 3), history).judge();
    }

    private void isNoHistory() {
        assertThrows(Violation.class, this::judge);
    }

    @Test
    void one_client_gets_what_the_tree_says() {
        say(mkdir("/d/a"), Tree.OK);
        say(mkdir("/d/a"), "EXISTS");
        say(Request.of(Kind.LIST, "/d"), "a");
        assertEquals(Verdict.LINEARIZABLE, judge());
    }

    @Test
    void what_was_made_is_there() {
        say(mkdir("/d/a"), Tree.OK);
        say(Request.of(Kind.LIST, "/d"), "");
        isNoHistory();
    }

    @Test
    void nothing_is_made_twice() {
        say(mkdir("/d/a"), Tree.OK);
        say(mkdir("/d/a"), Tree.OK);
        isNoHistory();
    }

    @Test
    void a_renamed_directory_is_never_at_both_places() {
        say(mkdir("/d/a"), Tree.OK);
        say(mkdir("/d/a/b"), Tree.OK);
        NamespaceOp moving = call(rename("/d/a", "/d/c"));
        say(Request.of(Kind.LIST, "/d/c"), "b");
        say(Request.of(Kind.LIST, "/d/a"), "b");
        answer(moving, Tree.OK);
        isNoHistory();
    }

    @Test
    void a_call_without_an_answer_happens_once_or_never() {
        call(mkdir("/d/a"));
        say(Request.of(Kind.LIST, "/d"), "");
        say(Request.of(Kind.LIST, "/d"), "a");
        assertEquals(Verdict.LINEARIZABLE, judge());
        say(Request.of(Kind.LIST, "/d"), "");
        isNoHistory();
    }

    @Test
    void a_read_without_an_answer_says_nothing() {
        call(Request.of(Kind.LIST, "/d"));
        assertEquals(Verdict.LINEARIZABLE, judge());
    }

    @Test
    void a_page_has_what_comes_behind_a_name() {
        say(mkdir("/d/a"), Tree.OK);
        say(mkdir("/d/b"), Tree.OK);
        say(mkdir("/d/c"), Tree.OK);
        say(page("/d", "", 2), "a b");
        say(page("/d", "b", 2), "c");
        assertEquals(Verdict.LINEARIZABLE, judge());
        say(page("/d", "b", 2), "b c");
        isNoHistory();
    }
}
