package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.FilePath;
import cairn.model.Limits;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.DeleteReply;
import cairn.wire.proto.EmptyTrashReply;
import cairn.wire.proto.EmptyTrashRequest;
import cairn.wire.proto.ListTrashReply;
import cairn.wire.proto.ListTrashRequest;
import cairn.wire.proto.TrashEntry;
import cairn.wire.proto.UndeleteRequest;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what goes into the trash and what comes out of it. An entry knows its old path and when it expires; that is fixed
 * when it is deleted. {@link PurgeDesk} takes out what has expired.
 */
final class TrashDesk {
    private static final int EMPTIED_PER_TURN_MAX = 1000;

    private final MasterImage image;
    private final Paths paths;
    private final QuotaDesk quotas;
    private final long usualMillis;

    TrashDesk(MasterImage image, Paths paths, QuotaDesk quotas, MasterSettings settings) {
        this.image = image;
        this.paths = paths;
        this.quotas = quotas;
        this.usualMillis = settings.trashMillis();
    }

    /** How long what is deleted in this directory stays in the trash: its own rule, or that of the nearest one above. */
    long trashMillis(FileId directory) {
        for (FileId at = directory; !at.equals(Inode.NOWHERE); at = image.above(at)) {
            long own = image.rules(at).trashMillis();
            if (own != DirectoryRules.UNSET) {
                return own;
            }
        }
        return usualMillis;
    }

    /** Where something lies in the trash, and its number there; empty and 0 when it is gone. */
    record Kept(String path, long number) {
        static final Kept NOT = new Kept("", 0);

        DeleteReply reply() {
            return DeleteReply.newBuilder()
                    .setTrashPath(path)
                    .setTrashNumber(number)
                    .build();
        }
    }

    /** Logs the end of an entry at {@code path}. */
    Kept discard(Inode inode, FilePath path, Turn.Draft turn) {
        long millis = trashMillis(inode.directory() ? inode.id() : inode.parent());
        if (millis == 0) {
            turn.met(Probe.DELETED_WITHOUT_TRASH);
            turn.log(PurgeDesk.intoPurge(inode, turn.millis()));
            return Kept.NOT;
        }
        String name = Paths.trashName(inode, turn.millis());
        long number = image.trash().lastNumber() + 1;
        Trashed entry = new Trashed(inode.id(), number, path.toString(), turn.millis(), turn.millis() + millis);
        turn.log(new MasterRecord.EntryTrashed(entry, name));
        return new Kept("/" + Inode.TRASH_NAME + "/" + name, number);
    }

    /** Logs the return of an entry; gives it as it will be. */
    Inode undelete(UndeleteRequest request, Turn.Draft turn) throws CairnException {
        FilePath path = FilePath.parse(request.getPath());
        Trashed entry = need(path, request);
        FilePath to = request.getTo().isEmpty() ? path : FilePath.parse(request.getTo());
        Paths.refuseTrash(to);
        if (paths.find(to) != null) {
            turn.met(Probe.UNDELETE_NAME_TAKEN);
            throw new CairnException(
                    ErrorCode.EXISTS,
                    to + " exists already; move it away, or: cairn undelete " + path + " --to OTHER-PATH");
        }
        Inode parent = paths.find(to.parent());
        if (parent == null) {
            turn.met(Probe.UNDELETE_PARENT_GONE);
            throw parentGone(path, to);
        }
        if (!parent.directory()) {
            throw new CairnException(ErrorCode.NOT_DIRECTORY, to.parent() + " is a file, not a directory");
        }
        Inode inode = image.inode(entry.id());
        quotas.needRoom(parent.id(), null, image.use(inode), turn);
        turn.log(new MasterRecord.EntryMoved(inode.id(), parent.id(), to.name(), turn.millis()));
        return inode.at(parent.id(), to.name());
    }

    private Trashed need(FilePath path, UndeleteRequest request) throws CairnException {
        TrashTable trash = image.trash();
        if (request.getNumber() != 0) {
            Trashed entry = trash.of(path.toString(), request.getNumber());
            if (entry == null) {
                throw new CairnException(
                        ErrorCode.NOT_FOUND,
                        path + ": no number " + request.getNumber() + " of it in the trash; see: cairn trash ls "
                                + path);
            }
            return entry;
        }
        long at = request.hasAtMillis() ? request.getAtMillis() : Long.MAX_VALUE;
        for (Trashed entry : trash.of(path.toString())) {
            if (entry.deletedMillis() <= at) {
                return entry;
            }
        }
        throw notInTrash(path);
    }

    private CairnException notInTrash(FilePath path) {
        Trashed around = nearestAround(path);
        String advice = image.trash().of(path.toString()).isEmpty() ? "" : " from then; see: cairn trash ls " + path;
        if (Paths.isInTrash(path)) {
            advice = " by that name; name the path that it had, see: cairn trash ls";
        }
        if (around != null) {
            advice = "; but " + around.path() + " is, with all that it held: cairn undelete " + around.path();
        }
        return new CairnException(ErrorCode.NOT_FOUND, path + " is not in the trash" + advice);
    }

    /** A directory above that was deleted as a whole. */
    private @Nullable Trashed nearestAround(FilePath path) {
        for (FilePath at = path; !at.isRoot(); at = at.parent()) {
            Iterator<Trashed> entries = image.trash().of(at.parent().toString()).iterator();
            if (entries.hasNext()) {
                return entries.next();
            }
        }
        return null;
    }

    private CairnException parentGone(FilePath path, FilePath to) {
        boolean trashed = !image.trash().of(to.parent().toString()).isEmpty();
        String advice = trashed
                ? "bring it back first: cairn undelete " + to.parent()
                : "make it again: cairn mkdir -p " + to.parent();
        return new CairnException(
                ErrorCode.NOT_FOUND,
                to + ": its directory " + to.parent() + " is gone; " + advice + ", or: cairn undelete " + path
                        + " --to OTHER-PATH");
    }

    ListTrashReply list(ListTrashRequest request) throws CairnException {
        FilePath path = FilePath.parse(request.getPath());
        int limit = bounded(request.getLimit(), Limits.LIST_PAGE_MAX);
        ListTrashReply.Builder reply = ListTrashReply.newBuilder();
        Iterator<Trashed> entries = image.trash()
                .within(path.toString(), new TrashTable.Place(request.getAfterPath(), request.getAfterNumber()));
        int bytes = 0;
        while (entries.hasNext()) {
            TrashEntry entry = message(entries.next());
            bytes += entry.getSerializedSize();
            if (reply.getEntriesCount() == limit || bytes > Limits.MESSAGE_BYTES_MAX / 2) {
                return reply.setMore(true).build();
            }
            reply.addEntries(entry);
        }
        return reply.build();
    }

    private TrashEntry message(Trashed entry) {
        Inode inode = image.inode(entry.id());
        TreeUse use = image.use(inode);
        return TrashEntry.newBuilder()
                .setPath(entry.path())
                .setNumber(entry.number())
                .setDeletedMillis(entry.deletedMillis())
                .setGoneMillis(entry.goneMillis())
                .setDirectory(inode.directory())
                .setFiles(use.files())
                .setBytes(use.bytes())
                .build();
    }

    /** A page of what lies there is given up; the figures are kept for a repeated request. */
    Outcome empty(EmptyTrashRequest request, Turn.Draft turn) throws CairnException {
        FilePath path = FilePath.parse(request.getPath());
        long upTo = request.getUpTo() == 0 ? image.trash().lastNumber() : request.getUpTo();
        int limit = bounded(request.getLimit(), EMPTIED_PER_TURN_MAX);
        Iterator<Trashed> entries = image.trash().within(path.toString(), new TrashTable.Place("", 0));
        TreeUse emptied = TreeUse.NOTHING;
        int count = 0;
        boolean more = false;
        while (entries.hasNext() && !more) {
            Trashed entry = entries.next();
            if (entry.number() <= upTo) {
                more = count == limit;
                if (!more) {
                    Inode inode = image.inode(entry.id());
                    turn.log(PurgeDesk.intoPurge(inode, turn.millis()));
                    emptied = emptied.plus(image.use(inode));
                    count++;
                }
            }
        }
        List<Long> numbers = List.of((long) count, emptied.files(), emptied.bytes(), upTo, more ? 1L : 0L);
        return new Outcome(Method.EMPTY_TRASH.number(), Inode.TRASH, "", numbers);
    }

    static EmptyTrashReply emptied(Outcome outcome) {
        List<Long> numbers = outcome.numbers();
        return EmptyTrashReply.newBuilder()
                .setEntries(numbers.get(0))
                .setFiles(numbers.get(1))
                .setBytes(numbers.get(2))
                .setUpTo(numbers.get(3))
                .setMore(numbers.get(4) != 0)
                .build();
    }

    private static int bounded(int asked, int most) {
        return asked <= 0 || asked > most ? most : asked;
    }
}
