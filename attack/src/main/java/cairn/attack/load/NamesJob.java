package cairn.attack.load;

import cairn.client.Cairn;
import cairn.model.ErrorCode;
import cairn.simulation.cell.NamespaceCalls;
import cairn.simulation.check.NamespaceOp;
import cairn.simulation.check.NamespaceOp.Kind;
import cairn.simulation.check.NamespaceOp.Request;
import cairn.simulation.check.Tree.Entry;
import java.io.IOException;
import java.util.List;

/**
 * Makes, moves, deletes and looks at names in one small tree: {@code name EPOCH KIND PATH OTHER FORCED PARENTS DIRECTORY MODE
 * OWNER}, answered in the words of {@link cairn.simulation.check.Tree}; {@code root EPOCH} makes the tree.
 */
final class NamesJob extends Job {

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<Kind> KINDS = Kind.PLAIN;
    private static final int DEPTH_MAX = 3;
    private static final int COPIES = 3;
    private static final double PARENTS_SHARE = 0.3;

    NamesJob(JobPlan plan, Cairn cairn, History history) {
        super(plan, cairn, history);
    }

    @Override
    void work(long epoch, String path) throws IOException {
        long root = history.call("root", epoch);
        cairn.mkdir(path, true);
        history.ok(root);
        while (!isOver(epoch)) {
            pace.await();
            carryOut(epoch, randomRequest(path));
        }
    }

    private void carryOut(long epoch, Request asked) {
        Entry entry = asked.entry();
        long call = history.call(
                "name",
                epoch,
                asked.kind(),
                asked.path(),
                asked.other(),
                asked.forced(),
                asked.parents(),
                entry.directory(),
                Integer.toOctalString(entry.mode()),
                entry.owner());
        NamespaceOp op = new NamespaceOp(plan.name(), asked, System.nanoTime());
        NamespaceCalls.carryOut(op, cairn, System::nanoTime);
        String answer = op.answer();
        if (answer == null) {
            history.error(call, ErrorCode.UNREACHABLE.name(), "no answer");
        } else {
            history.ok(call, answer);
        }
    }

    private Request randomRequest(String root) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        String owner = kind == Kind.SET_ATTRIBUTES ? "u" + random.nextInt(1000) : plan.name();
        Entry entry = new Entry(kind == Kind.MKDIR, 1 + random.nextInt(0777), owner, COPIES);
        String path = randomPath(root);
        String other = kind == Kind.RENAME ? randomPath(root) : "";
        boolean parents = random.nextDouble() < PARENTS_SHARE;
        return new Request(kind, path, other, random.nextBoolean(), parents, entry, Integer.MAX_VALUE);
    }

    private String randomPath(String root) {
        StringBuilder path = new StringBuilder(root);
        int depth = 1 + random.nextInt(DEPTH_MAX);
        for (int i = 0; i < depth; i++) {
            path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
        }
        return path.toString();
    }
}
