package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.FilePath;
import cairn.model.Limits;
import cairn.wire.proto.DirectoryRulesEntry;
import cairn.wire.proto.RulesReply;
import cairn.wire.proto.RulesRequest;
import cairn.wire.proto.SetRulesRequest;
import java.util.Map;

/** Lays down what holds for a directory and all below it (trash time, quota), and shows it. */
final class RulesDesk {

    /** A hundred years: sums of times stay numbers. */
    static final long TRASH_MILLIS_MAX = 100L * 366 * 24 * 3600 * 1000;

    /** Directories with rules that one request looks at. */
    private static final int EXAMINED_MAX = 10_000;

    private final MasterImage image;
    private final Paths paths;
    private final TrashDesk trash;

    RulesDesk(MasterImage image, Paths paths, TrashDesk trash) {
        this.image = image;
        this.paths = paths;
        this.trash = trash;
    }

    /** Logs the new rules; gives the directory. */
    Inode set(SetRulesRequest request, Turn.Draft turn) throws CairnException {
        Inode directory = needDirectory(request.getPath());
        DirectoryRules old = image.rules(directory.id());
        DirectoryRules changed = new DirectoryRules(
                request.hasTrashMillis() ? request.getTrashMillis() : old.trashMillis(),
                request.hasBytesMax() ? request.getBytesMax() : old.bytesMax(),
                request.hasFilesMax() ? request.getFilesMax() : old.filesMax());
        if (!changed.isValid() || changed.trashMillis() > TRASH_MILLIS_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    request.getPath() + ": a quota is not negative, and a trash time is at most a hundred years");
        }
        turn.log(new MasterRecord.DirectoryRuled(directory.id(), changed));
        return directory;
    }

    private Inode needDirectory(String text) throws CairnException {
        FilePath path = FilePath.parse(text);
        Paths.refuseTrash(path);
        Inode inode = paths.need(path);
        if (!inode.directory()) {
            throw new CairnException(
                    ErrorCode.NOT_DIRECTORY, path + " is a file; quotas and trash times are set on directories");
        }
        return inode;
    }

    RulesReply show(RulesRequest request) throws CairnException {
        Inode directory = needDirectory(request.getPath());
        RulesReply.Builder reply =
                RulesReply.newBuilder().setItself(entry(directory)).setTrashMillis(trash.trashMillis(directory.id()));
        FileId at = image.above(directory.id());
        while (!at.equals(Inode.NOWHERE)) {
            if (!image.rules(at).isNone()) {
                reply.addAbove(entry(image.inode(at)));
            }
            at = image.above(at);
        }
        addBelow(directory, request, reply);
        return reply.build();
    }

    private void addBelow(Inode directory, RulesRequest request, RulesReply.Builder reply) {
        int asked = request.getLimit();
        int limit = asked <= 0 || asked > Limits.LIST_PAGE_MAX ? Limits.LIST_PAGE_MAX : asked;
        int examined = 0;
        int bytes = 0;
        for (Map.Entry<FileId, DirectoryRules> rules :
                image.rulesAfter(new FileId(request.getAfterId())).entrySet()) {
            if (examined == EXAMINED_MAX || reply.getBelowCount() == limit || bytes > Limits.MESSAGE_BYTES_MAX / 2) {
                reply.setMore(true);
                return;
            }
            examined++;
            if (isBelow(rules.getKey(), directory.id())) {
                DirectoryRulesEntry entry = entry(image.inode(rules.getKey()));
                bytes += entry.getSerializedSize();
                reply.addBelow(entry);
            }
            reply.setAfterId(rules.getKey().value());
        }
    }

    private boolean isBelow(FileId directory, FileId above) {
        FileId at = directory;
        while (!at.equals(Inode.NOWHERE)) {
            at = image.above(at);
            if (at.equals(above)) {
                return true;
            }
        }
        return false;
    }

    private DirectoryRulesEntry entry(Inode directory) {
        return DirectoryRulesEntry.newBuilder()
                .setPath(paths.pathOf(directory))
                .setUse(Statuses.use(image, directory.id()))
                .build();
    }
}
