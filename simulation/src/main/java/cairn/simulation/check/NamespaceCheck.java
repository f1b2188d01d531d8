package cairn.simulation.check;

import cairn.simulation.check.Linearizability.Verdict;
import cairn.simulation.check.Tree.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges what clients were told about names (P5): namespace operations are linearizable and atomic. There is one order in
 * which each took place at one moment between its call and its answer, and in which {@link Tree} gives the same answers. A
 * call without an answer took place at any time from its call on, once, or never.
 */
public final class NamespaceCheck {

    private static final int SHOWN_MAX = 400;

    private final Tree initial;
    private final List<NamespaceOp> history;

    /** @param initial what was there before the first call */
    public NamespaceCheck(Tree initial, List<NamespaceOp> history) {
        this.initial = initial;
        this.history = new ArrayList<>(history);
        this.history.removeIf(op -> op.request().isRead() && op.answer() == null);
    }

    /** A tree of nothing but one empty directory, whose replication is {@code replication}. */
    public static Tree onlyDirectory(String path, int replication) {
        return new Tree(new TreeMap<>(Map.of(path, new Entry(true, 0755, "", replication))));
    }

    /**
     * Searches for the order.
     *
     * @throws Violation when there is none
     */
    public Verdict judge() {
        Linearizability<Tree> search = new Linearizability<>(initial, history);
        Verdict verdict = search.judge();
        if (verdict == Verdict.VIOLATED) {
            throw new Violation("the namespace is not linearizable; %s%nThe history:%n%s"
                    .formatted(search.stuck(), search.history(SHOWN_MAX)));
        }
        return verdict;
    }
}
