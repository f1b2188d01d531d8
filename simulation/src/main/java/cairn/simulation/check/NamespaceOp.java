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
        LIST,
        UNDELETE,
        LIST_TRASH,
        EMPTY_TRASH,
        SET_TRASH_TIME,
        SET_QUOTA;

        /** Those that know of no trash and no quota. */
        public static final List<Kind> PLAIN = List.of(MKDIR, CREATE, DELETE, RENAME, SET_ATTRIBUTES, STAT, LIST);
    }

    /**
     * What is asked for.
     *
     * @param other RENAME, UNDELETE: the new path; LIST: the name after which the page begins, empty for the first one
     * @param forced CREATE, RENAME: overwrite; DELETE: recursive
     * @param parents MKDIR, CREATE: missing parents are made too; DELETE: into the trash
     * @param entry what is made or set; its {@code replication} is that of the cell
     * @param limit LIST: names on a page; SET_TRASH_TIME: seconds, SET_QUOTA: files, both {@link Tree.Rules#UNSET} for none
     */
    public record Request(
            Kind kind, String path, String other, boolean forced, boolean parents, Entry entry, int limit) {

        /** A call that takes nothing but a path. */
        public static Request of(Kind kind, String path) {
            return new Request(kind, path, "", false, false, Entry.NONE, Integer.MAX_VALUE);
        }

        public boolean isRead() {
            return kind == Kind.STAT || kind == Kind.LIST || kind == Kind.LIST_TRASH;
        }
    }

    private final String client;
    private final Request request;
    private final long invokedAt;
    private long returnedAt = NEVER;
    private @Nullable String answer;
    private long calledNanos;
    private long endedNanos = Long.MAX_VALUE;

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

    /** When it was called, by the clock by which the trash ages, or {@link Trash#CLOCK_JUMPS}. */
    public void calledAt(long nanos) {
        calledNanos = nanos;
    }

    /** When its answer came, by the same clock. */
    public void endedAt(long nanos) {
        endedNanos = nanos;
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
        return ways(tree).stream()
                .filter(outcome -> answer == null || answer.equals(outcome.answer()))
                .map(Outcome::after)
                .distinct()
                .toList();
    }

    /** All that may come of it: what is in the trash may or may not have expired. */
    private List<Outcome> ways(Tree tree) {
        String path = request.path;
        return switch (request.kind) {
            case UNDELETE -> tree.undelete(path, request.other.isEmpty() ? path : request.other, endedNanos);
            case LIST_TRASH -> answer == null ? List.of() : tree.listTrash(path, answer, endedNanos);
            case EMPTY_TRASH -> tree.emptyTrash(path, endedNanos);
            default -> List.of(in(tree));
        };
    }

    private Outcome in(Tree tree) {
        Request asked = request;
        Entry entry = asked.entry;
        return switch (asked.kind) {
            case MKDIR -> tree.mkdir(asked.path, asked.parents, entry);
            case CREATE -> tree.create(asked.path, asked.forced, asked.parents, entry, calledNanos);
            case DELETE -> tree.delete(asked.path, asked.forced, asked.parents, calledNanos);
            case RENAME -> tree.rename(asked.path, asked.other, asked.forced, calledNanos);
            case SET_ATTRIBUTES -> tree.setAttributes(asked.path, entry.mode(), entry.owner());
            case STAT -> tree.stat(asked.path);
            case LIST -> tree.list(asked.path, asked.other, asked.limit);
            case SET_TRASH_TIME -> tree.setTrashTime(asked.path, asked.limit);
            case SET_QUOTA -> tree.setQuota(asked.path, asked.limit);
            case UNDELETE, LIST_TRASH, EMPTY_TRASH -> throw new AssertionError(asked.kind);
        };
    }

    @Override
    public String toString() {
        String end = returnedAt == NEVER ? "..." : Long.toString(returnedAt);
        return "%d-%s %s %s %s %s%s%s %o %s %d -> %s"
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
                        request.limit,
                        answer);
    }
}
