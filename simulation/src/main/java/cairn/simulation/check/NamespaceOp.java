package cairn.simulation.check;

import cairn.simulation.check.Tree.Entry;
import cairn.simulation.check.Tree.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call on names, and its answer when it has come: what {@link NamespaceCheck} judges. One client fills it in; it is read
 * when all have come to an end.
 */
public final class NamespaceOp implements Operation<Tree> {

    /** The kinds of calls. */
    public enum Kind {
        MKDIR,
        CREATE,
        DELETE,
        RENAME,
        SET_ATTRIBUTES,
        STAT,
        LIST
    }

    /**
     * What is asked for.
     *
     * @param other RENAME: the new path; LIST: the name after which the page begins, empty for the first one
     * @param forced CREATE, RENAME: overwrite; DELETE: recursive
     * @param parents MKDIR, CREATE: missing parents are made too; DELETE: into the trash
     * @param entry what is made or set; its {@code replication} is that of the cell
     * @param limit LIST: names on a page
     */
    public record Request(
            Kind kind, String path, String other, boolean forced, boolean parents, Entry entry, int limit) {

        /** A call that takes nothing but a path. */
        public static Request of(Kind kind, String path) {
            return new Request(kind, path, "", false, false, Entry.NONE, Integer.MAX_VALUE);
        }

        public boolean isRead() {
            return kind == Kind.STAT || kind == Kind.LIST;
        }
    }

    private final String client;
    private final Request request;
    private final long invokedAt;
    private long returnedAt = NEVER;
    private @Nullable String answer;

    /** @param invokedAt in any clock that all clients of the history share */
    public NamespaceOp(String client, Request request, long invokedAt) {
        this.client = client;
        this.request = request;
        this.invokedAt = invokedAt;
    }

    /** @param words {@link Tree#OK}, what was asked for in the words of {@link Tree}, or the name of the error code */
    public void answered(String words, long at) {
        answer = words;
        returnedAt = at;
    }

    public Request request() {
        return request;
    }

    public String client() {
        return client;
    }

    /** Null when there was none: it may have happened, may yet happen, or never. */
    public @Nullable String answer() {
        return answer;
    }

    @Override
    public long invokedAt() {
        return invokedAt;
    }

    @Override
    public long returnedAt() {
        return returnedAt;
    }

    @Override
    public List<Tree> step(Tree tree) {
        Outcome outcome = in(tree);
        return answer == null || answer.equals(outcome.answer()) ? List.of(outcome.after()) : List.of();
    }

    private Outcome in(Tree tree) {
        Request asked = request;
        Entry entry = asked.entry;
        return switch (asked.kind) {
            case MKDIR -> tree.mkdir(asked.path, asked.parents, entry);
            case CREATE -> tree.create(asked.path, asked.forced, asked.parents, entry);
            case DELETE -> tree.delete(asked.path, asked.forced);
            case RENAME -> tree.rename(asked.path, asked.other, asked.forced);
            case SET_ATTRIBUTES -> tree.setAttributes(asked.path, entry.mode(), entry.owner());
            case STAT -> tree.stat(asked.path);
            case LIST -> tree.list(asked.path, asked.other, asked.limit);
        };
    }

    @Override
    public String toString() {
        String end = returnedAt == NEVER ? "..." : Long.toString(returnedAt);
        return "%d-%s %s %s %s %s%s%s %o %s -> %s"
                .formatted(
                        invokedAt,
                        end,
                        client,
                        request.kind,
                        request.path,
                        request.other,
                        request.forced ? " forced" : "",
                        request.parents ? " parents" : "",
                        request.entry.mode(),
                        request.entry.owner(),
                        answer);
    }
}
