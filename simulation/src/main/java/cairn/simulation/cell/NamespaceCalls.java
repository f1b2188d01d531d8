package cairn.simulation.cell;

import cairn.client.AttributeChange;
import cairn.client.Cairn;
import cairn.client.CreateOptions;
import cairn.client.FileInfo;
import cairn.client.QuotaChange;
import cairn.client.UndeleteOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.check.NamespaceOp;
import cairn.simulation.check.NamespaceOp.Request;
import cairn.simulation.check.Trash;
import cairn.simulation.check.Tree;
import cairn.simulation.check.Tree.Entry;
import cairn.simulation.check.Tree.Rules;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Makes the calls of a {@link NamespaceOp} through the public client, simulated or real, and puts down what came of them. */
public final class NamespaceCalls {

    private NamespaceCalls() {}

    /**
     * Makes one call. What ended without an answer (UNREACHABLE) stays open.
     *
     * @param clock shared by all clients of the history
     */
    public static void carryOut(NamespaceOp op, Cairn cairn, LongSupplier clock) {
        try {
            op.answered(ask(op.request(), cairn), clock.getAsLong());
        } catch (CairnException e) {
            refused(op, e, clock);
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof CairnException problem)) {
                throw new Violation("a namespace call threw " + e);
            }
            refused(op, problem, clock);
        } catch (IOException e) {
            throw new Violation("a namespace call threw " + e);
        }
    }

    private static void refused(NamespaceOp op, CairnException problem, LongSupplier clock) {
        if (problem.code() != ErrorCode.UNREACHABLE) {
            op.answered(problem.code().name(), clock.getAsLong());
        }
    }

    /** Makes the request; returns the answer in the words of {@link Tree}. */
    private static String ask(Request asked, Cairn cairn) throws IOException {
        String path = asked.path();
        Entry entry = asked.entry();
        switch (asked.kind()) {
            case MKDIR -> cairn.mkdir(path, asked.parents(), entry.mode());
            case CREATE -> {
                CreateOptions options = CreateOptions.DEFAULTS
                        .withOverwrite(asked.forced())
                        .withMakeParents(asked.parents())
                        .withMode(entry.mode());
                cairn.create(path, options).close();
            }
            case DELETE -> cairn.delete(path, asked.forced(), !asked.parents());
            case RENAME -> cairn.rename(path, asked.other(), asked.forced());
            case SET_ATTRIBUTES ->
                cairn.setAttributes(
                        path, AttributeChange.NONE.withMode(entry.mode()).withOwner(entry.owner()));
            case UNDELETE -> cairn.undelete(path, UndeleteOptions.DEFAULTS.withTo(asked.other()));
            case LIST_TRASH -> {
                List<String> words = new ArrayList<>();
                cairn.listTrash(path)
                        .forEach(deleted ->
                                words.add(Trash.describe(deleted.path(), deleted.directory(), deleted.files())));
                return String.join(" ", words);
            }
            case EMPTY_TRASH -> {
                return Tree.emptied(cairn.emptyTrash(path, soFar -> {}).entries());
            }
            case SET_TRASH_TIME -> {
                if (asked.limit() == Rules.UNSET) {
                    cairn.inheritTrashTime(path);
                } else {
                    cairn.setTrashTime(path, Duration.ofSeconds(asked.limit()));
                }
            }
            case SET_QUOTA -> cairn.setQuota(path, QuotaChange.NOTHING.withFilesMax(asked.limit()));
            case STAT -> {
                return describe(cairn.stat(path));
            }
            case LIST -> {
                List<String> names = new ArrayList<>();
                cairn.list(path).forEach(info -> names.add(info.name()));
                return String.join(" ", names);
            }
        }
        return Tree.OK;
    }

    private static String describe(FileInfo info) {
        Entry seen = new Entry(info.directory(), info.mode(), info.owner(), info.replication());
        return Tree.describe(seen, info.entryCount());
    }
}
