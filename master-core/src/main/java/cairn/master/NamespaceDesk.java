package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.FilePath;
import cairn.model.Limits;
import cairn.wire.Method;
import cairn.wire.proto.Caller;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.DeleteRequest;
import cairn.wire.proto.EmptyTrashRequest;
import cairn.wire.proto.MkdirRequest;
import cairn.wire.proto.RenameRequest;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.SetAttributesRequest;
import cairn.wire.proto.SetRulesRequest;
import cairn.wire.proto.SnapshotReply;
import cairn.wire.proto.UndeleteRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides the mutations of the namespace. Each decision is one turn, so parents made on the way, an overwritten file put
 * into the trash, the new file and the remembered answer happen together or not at all.
 *
 * <p>A refusal is thrown as the exception that {@link FilePath#parse} throws anyway, and caught in one place.
 */
final class NamespaceDesk {
    private static final int MODE_MAX = 01777;

    private final MasterImage image;
    private final Paths paths;
    private final Statuses statuses;
    private final QuotaDesk quotas;
    private final TrashDesk trash;
    private final RulesDesk rules;
    private final RequestBook requests;

    NamespaceDesk(MasterImage image, Paths paths, Statuses statuses, MasterSettings settings) {
        this.image = image;
        this.paths = paths;
        this.statuses = statuses;
        this.quotas = new QuotaDesk(image, paths);
        this.trash = new TrashDesk(image, paths, quotas, settings);
        this.rules = new RulesDesk(image, paths, trash);
        this.requests = new RequestBook(image, settings);
    }

    /** The file that is made, whose maker is still to be answered; null when the request is answered already. */
    @Nullable
    Made create(long ticket, CreateRequest request, Turn.Draft turn) throws CairnException {
        if (answeredBefore(ticket, request.getId(), Method.CREATE, turn)) {
            return null;
        }
        FilePath path = userPath(request.getPath());
        checkMode(request.getMode());
        checkGoal(request.getReplication(), 0);
        Inode existing = paths.find(path);
        if (existing != null && existing.directory()) {
            throw new CairnException(ErrorCode.IS_DIRECTORY, path + " is a directory");
        }
        if (existing != null && request.getOpenExisting()) {
            unchanged(request.getId(), Method.CREATE, existing.id());
            turn.answer(ticket, statuses.of(existing, turn.nanos()));
            return null;
        }
        if (existing != null && !request.getOverwrite()) {
            throw new CairnException(ErrorCode.EXISTS, path + " exists already");
        }
        Parent parent = parentOf(path, request.getMakeParents(), request.getCaller(), turn);
        if (existing != null) {
            trash.discard(existing, path, turn);
        } else {
            quotas.needRoom(parent.standing(), null, new TreeUse(1, 0), turn);
        }
        int goal = request.getReplication() == 0 ? parent.goal() : request.getReplication();
        New file = new New(false, request.getMode(), goal);
        Inode made = make(parent, path.name(), file, request.getCaller(), turn);
        remember(request.getId(), Method.CREATE, made.id(), turn);
        return new Made(made, parent.standing());
    }

    /**
     * A file that this turn makes.
     *
     * @param standing the nearest directory above it that stands already: the others are made in this turn, too
     */
    record Made(Inode file, FileId standing) {}

    void mkdir(long ticket, MkdirRequest request, Turn.Draft turn) throws CairnException {
        if (answeredBefore(ticket, request.getId(), Method.MKDIR, turn)) {
            return;
        }
        FilePath path = FilePath.parse(request.getPath());
        checkMode(request.getMode());
        Inode existing = paths.find(path);
        if (existing != null && existing.directory() && request.getMakeParents()) {
            unchanged(request.getId(), Method.MKDIR, existing.id());
            turn.answer(ticket, statuses.of(existing, turn.nanos()));
            return;
        }
        if (existing != null) {
            throw new CairnException(ErrorCode.EXISTS, path + " exists already");
        }
        Paths.refuseTrash(path);
        Parent parent = parentOf(path, request.getMakeParents(), request.getCaller(), turn);
        New directory = new New(true, request.getMode(), parent.goal());
        Inode made = make(parent, path.name(), directory, request.getCaller(), turn);
        remember(request.getId(), Method.MKDIR, made.id(), turn);
        turn.answer(ticket, statuses.ofNew(made));
    }

    void delete(long ticket, DeleteRequest request, Turn.Draft turn) throws CairnException {
        if (answeredBefore(ticket, request.getId(), Method.DELETE, turn)) {
            return;
        }
        FilePath path = FilePath.parse(request.getPath());
        Inode inode = paths.need(path);
        refuseFixed(path, inode);
        if (inode.directory() && !request.getRecursive() && image.names().entryCount(inode.id()) > 0) {
            throw new CairnException(ErrorCode.NOT_EMPTY, path + " is a directory that is not empty");
        }
        TrashDesk.Kept kept = TrashDesk.Kept.NOT;
        if (request.getSkipTrash() || Paths.isInTrash(path)) {
            turn.log(PurgeDesk.intoPurge(inode, turn.millis()));
        } else {
            kept = trash.discard(inode, path, turn);
        }
        Outcome outcome = new Outcome(Method.DELETE.number(), inode.id(), kept.path(), List.of(kept.number()));
        requests.remember(request.getId(), outcome, turn);
        turn.answer(ticket, kept.reply());
    }

    void rename(long ticket, RenameRequest request, Turn.Draft turn) throws CairnException {
        if (answeredBefore(ticket, request.getId(), Method.RENAME, turn)) {
            return;
        }
        FilePath from = FilePath.parse(request.getFrom());
        FilePath to = FilePath.parse(request.getTo());
        Inode inode = paths.need(from);
        refuseFixed(from, inode);
        if (to.isRoot() || (to.isWithin(from) && !to.equals(from))) {
            throw new CairnException(ErrorCode.BAD_RENAME, from + " cannot be moved to " + to + ", which is inside it");
        }
        if (!to.equals(from)) {
            Paths.refuseTrash(to);
            Inode replaced = replaced(inode, to, request.getOverwrite());
            Inode parent = directoryFor(to);
            TreeUse leaving = replaced == null ? TreeUse.NOTHING : image.use(replaced);
            quotas.needRoom(parent.id(), inode.parent(), image.use(inode).minus(leaving), turn);
            if (replaced != null) {
                trash.discard(replaced, to, turn);
            }
            turn.log(new MasterRecord.EntryMoved(inode.id(), parent.id(), to.name(), turn.millis()));
            remember(request.getId(), Method.RENAME, inode.id(), turn);
        } else {
            unchanged(request.getId(), Method.RENAME, inode.id());
        }
        turn.answer(ticket, statuses.of(inode.at(inode.parent(), to.name()), turn.nanos()));
    }

    void setAttributes(long ticket, SetAttributesRequest request, Turn.Draft turn) throws CairnException {
        if (answeredBefore(ticket, request.getId(), Method.SET_ATTRIBUTES, turn)) {
            return;
        }
        FilePath path = FilePath.parse(request.getPath());
        Inode inode = paths.need(path);
        if (inode.id().equals(Inode.TRASH)) {
            Paths.refuseTrash(path);
        }
        if (request.hasReplication()) {
            checkGoal(request.getReplication(), 1);
        }
        Attributes changed = changed(inode.attributes(), request);
        turn.log(new MasterRecord.AttributesSet(inode.id(), changed));
        remember(request.getId(), Method.SET_ATTRIBUTES, inode.id(), turn);
        turn.answer(ticket, statuses.of(inode.with(changed), turn.nanos()));
    }

    void undelete(long ticket, UndeleteRequest request, Turn.Draft turn) throws CairnException {
        if (answeredBefore(ticket, request.getId(), Method.UNDELETE, turn)) {
            return;
        }
        Inode returned = trash.undelete(request, turn);
        remember(request.getId(), Method.UNDELETE, returned.id(), turn);
        turn.answer(ticket, statuses.of(returned, turn.nanos()));
    }

    void emptyTrash(long ticket, EmptyTrashRequest request, Turn.Draft turn) throws CairnException {
        if (answeredBefore(ticket, request.getId(), Method.EMPTY_TRASH, turn)) {
            return;
        }
        Outcome outcome = trash.empty(request, turn);
        if (outcome.numbers().getFirst() == 0) {
            requests.unchanged(request.getId(), outcome);
        } else {
            requests.remember(request.getId(), outcome, turn);
        }
        turn.answer(ticket, TrashDesk.emptied(outcome));
    }

    void setRules(long ticket, SetRulesRequest request, Turn.Draft turn) throws CairnException {
        if (answeredBefore(ticket, request.getId(), Method.SET_RULES, turn)) {
            return;
        }
        Inode directory = rules.set(request, turn);
        remember(request.getId(), Method.SET_RULES, directory.id(), turn);
        turn.answer(ticket, statuses.ofNew(directory));
    }

    TrashDesk trash() {
        return trash;
    }

    RulesDesk rules() {
        return rules;
    }

    RequestBook requests() {
        return requests;
    }

    QuotaDesk quotas() {
        return quotas;
    }

    private static Attributes changed(Attributes old, SetAttributesRequest request) throws CairnException {
        checkMode(request.getMode());
        checkOwner(request.getOwner());
        checkOwner(request.getGroup());
        return new Attributes(
                request.hasOwner() ? request.getOwner() : old.owner(),
                request.hasGroup() ? request.getGroup() : old.group(),
                request.hasMode() ? request.getMode() : old.mode(),
                request.hasReplication() ? request.getReplication() : old.goal(),
                request.hasModifiedMillis() ? request.getModifiedMillis() : old.modifiedMillis(),
                request.hasModifiedMillis() || old.modifiedPinned());
    }

    /** Answers a repeated request as the first one was answered. */
    boolean answeredBefore(long ticket, RequestId id, Method method, Turn.Draft turn) throws CairnException {
        Outcome outcome = requests.before(id, method, turn);
        if (outcome == null) {
            return false;
        }
        if (method == Method.SNAPSHOT) {
            turn.answer(
                    ticket,
                    SnapshotReply.newBuilder()
                            .setDone(true)
                            .setStatus(statuses.ofRemembered(outcome.file(), turn.nanos()))
                            .build());
        } else if (method == Method.DELETE) {
            long number = outcome.numbers().isEmpty() ? 0 : outcome.numbers().getFirst();
            turn.answer(ticket, new TrashDesk.Kept(outcome.trashPath(), number).reply());
        } else if (method == Method.EMPTY_TRASH) {
            turn.answer(ticket, TrashDesk.emptied(outcome));
        } else {
            turn.answer(ticket, statuses.ofRemembered(outcome.file(), turn.nanos()));
        }
        return true;
    }

    /** What was asked for was so already. */
    void unchanged(RequestId id, Method method, FileId file) {
        requests.unchanged(id, new Outcome(method.number(), file, ""));
    }

    void remember(RequestId id, Method method, FileId file, Turn.Draft turn) {
        requests.remember(id, new Outcome(method.number(), file, ""), turn);
    }

    private static FilePath userPath(String text) throws CairnException {
        FilePath path = FilePath.parse(text);
        Paths.refuseTrash(path);
        return path;
    }

    private static void checkMode(int mode) throws CairnException {
        if (mode < 0 || mode > MODE_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "mode %o is not between 0 and %o".formatted(mode, MODE_MAX));
        }
    }

    private static void checkOwner(String name) throws CairnException {
        if (name.length() > Limits.NAME_BYTES_MAX || name.indexOf('\0') >= 0) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "an owner or group is not a name");
        }
    }

    private static void checkGoal(int goal, int least) throws CairnException {
        if (goal < least || goal > Limits.REPLICATION_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "replication " + goal + " is not between 1 and " + Limits.REPLICATION_MAX);
        }
    }

    /** The root and the trash stay where they are. */
    private static void refuseFixed(FilePath path, Inode inode) throws CairnException {
        if (inode.id().equals(Inode.ROOT) || inode.id().equals(Inode.TRASH)) {
            throw new CairnException(ErrorCode.BAD_RENAME, path + " cannot be moved or deleted");
        }
    }

    /** What a rename would replace; null when the name is free. */
    private @Nullable Inode replaced(Inode moving, FilePath to, boolean overwrite) throws CairnException {
        Inode existing = paths.find(to);
        if (existing != null && (existing.directory() || moving.directory() || !overwrite)) {
            throw new CairnException(ErrorCode.EXISTS, to + " exists already");
        }
        return existing;
    }

    private Inode directoryFor(FilePath path) throws CairnException {
        Inode parent = paths.need(path.parent());
        if (!parent.directory()) {
            throw new CairnException(ErrorCode.NOT_DIRECTORY, path.parent() + " is a file, not a directory");
        }
        return parent;
    }

    /** What is made; mode 0: the usual one. */
    private record New(boolean directory, int mode, int goal) {}

    /**
     * Where something new goes: a directory that stands, or that this turn makes.
     *
     * @param standing itself, or the nearest one above that stands already
     */
    private record Parent(FileId id, FileId standing, int goal, long nextFileId) {}

    private Parent parentOf(FilePath path, boolean makeParents, Caller caller, Turn.Draft turn) throws CairnException {
        if (!makeParents) {
            Inode parent = directoryFor(path);
            return new Parent(parent.id(), parent.id(), parent.attributes().goal(), image.nextFileId());
        }
        Inode standing = image.names().find(Inode.ROOT);
        Parent parent = new Parent(Inode.ROOT, Inode.ROOT, goalOf(standing), image.nextFileId());
        for (String name : path.parent().names()) {
            standing = standing == null ? null : image.names().child(standing.id(), name);
            if (standing == null) {
                Inode made = make(parent, name, new New(true, 0, parent.goal()), caller, turn);
                parent = new Parent(made.id(), parent.standing(), parent.goal(), parent.nextFileId() + 1);
            } else if (standing.directory()) {
                parent = new Parent(standing.id(), standing.id(), goalOf(standing), parent.nextFileId());
            } else {
                throw new CairnException(ErrorCode.NOT_DIRECTORY, path + ": '" + name + "' is a file, not a directory");
            }
        }
        return parent;
    }

    private static int goalOf(@Nullable Inode directory) {
        return directory == null ? 0 : directory.attributes().goal();
    }

    private static Inode make(Parent parent, String name, New kind, Caller caller, Turn.Draft turn)
            throws CairnException {
        checkOwner(caller.getUser());
        checkOwner(caller.getGroup());
        int mode = kind.mode() != 0 ? kind.mode() : kind.directory() ? 0755 : 0644;
        Attributes attributes =
                new Attributes(caller.getUser(), caller.getGroup(), mode, kind.goal(), turn.millis(), false);
        Inode made = new Inode(new FileId(parent.nextFileId()), parent.id(), name, kind.directory(), attributes);
        turn.log(new MasterRecord.InodeMade(made));
        return made;
    }
}
