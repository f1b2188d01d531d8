package cairn.client;

import cairn.model.CairnException;
import cairn.model.FilePath;
import cairn.wire.Method;
import cairn.wire.proto.DirectoryRulesEntry;
import cairn.wire.proto.EmptyTrashReply;
import cairn.wire.proto.EmptyTrashRequest;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ListTrashReply;
import cairn.wire.proto.ListTrashRequest;
import cairn.wire.proto.RulesReply;
import cairn.wire.proto.RulesRequest;
import cairn.wire.proto.SetRulesRequest;
import cairn.wire.proto.TrashEntry;
import cairn.wire.proto.UndeleteRequest;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The trash, and what is laid down for directories, at the master. As {@link Names}, each change is carried out once. */
final class Trees {
    private static final int PAGE = 500;

    private final Core core;

    Trees(Core core) {
        this.core = core;
    }

    FileStatus undelete(FilePath path, UndeleteOptions options) throws CairnException {
        UndeleteRequest.Builder request = UndeleteRequest.newBuilder()
                .setId(core.master.nextId())
                .setPath(path.toString())
                .setNumber(options.number());
        if (!options.to().isEmpty()) {
            request.setTo(FilePath.parse(options.to()).toString());
        }
        options.atMillis().ifPresent(request::setAtMillis);
        return core.master.call(Method.UNDELETE, request.build(), FileStatus.parser(), core.deadline());
    }

    private ListTrashReply trashPage(FilePath path, String afterPath, long afterNumber) throws CairnException {
        ListTrashRequest request = ListTrashRequest.newBuilder()
                .setPath(path.toString())
                .setAfterPath(afterPath)
                .setAfterNumber(afterNumber)
                .setLimit(PAGE)
                .build();
        return core.master.call(Method.LIST_TRASH, request, ListTrashReply.parser(), core.deadline());
    }

    Iterable<TrashedEntry> trash(FilePath path) throws CairnException {
        ListTrashReply first = trashPage(path, "", 0);
        return () -> new TrashPages(path, first);
    }

    /** The trash, page by page. */
    private final class TrashPages implements Iterator<TrashedEntry> {
        private final FilePath path;
        private ListTrashReply page;
        private int next;

        TrashPages(FilePath path, ListTrashReply first) {
            this.path = path;
            this.page = first;
        }

        @Override
        public boolean hasNext() {
            while (next == page.getEntriesCount() && page.getMore() && next > 0) {
                TrashEntry last = page.getEntries(next - 1);
                try {
                    page = trashPage(path, last.getPath(), last.getNumber());
                } catch (CairnException e) {
                    throw new UncheckedIOException(e);
                }
                next = 0;
            }
            return next < page.getEntriesCount();
        }

        @Override
        public TrashedEntry next() {
            if (!hasNext()) {
                throw new NoSuchElementException(path.toString());
            }
            TrashEntry entry = page.getEntries(next++);
            return new TrashedEntry(
                    entry.getPath(),
                    entry.getNumber(),
                    entry.getDeletedMillis(),
                    entry.getGoneMillis(),
                    entry.getDirectory(),
                    entry.getFiles(),
                    entry.getBytes());
        }
    }

    EmptiedTrash empty(FilePath path, Consumer<EmptiedTrash> progress) throws CairnException {
        EmptiedTrash sum = new EmptiedTrash(0, 0, 0);
        long upTo = 0;
        while (true) {
            EmptyTrashRequest request = EmptyTrashRequest.newBuilder()
                    .setId(core.master.nextId())
                    .setPath(path.toString())
                    .setUpTo(upTo)
                    .setLimit(PAGE)
                    .build();
            EmptyTrashReply reply =
                    core.master.call(Method.EMPTY_TRASH, request, EmptyTrashReply.parser(), core.deadline());
            sum = sum.plus(new EmptiedTrash(reply.getEntries(), reply.getFiles(), reply.getBytes()));
            progress.accept(sum);
            if (!reply.getMore()) {
                return sum;
            }
            upTo = reply.getUpTo();
        }
    }

    /** @param millis -1: as in the directory above */
    void setTrashMillis(FilePath path, long millis) throws CairnException {
        set(SetRulesRequest.newBuilder().setPath(path.toString()).setTrashMillis(millis));
    }

    void setQuota(FilePath path, QuotaChange change) throws CairnException {
        SetRulesRequest.Builder request = SetRulesRequest.newBuilder().setPath(path.toString());
        change.bytesMax().ifPresent(request::setBytesMax);
        change.filesMax().ifPresent(request::setFilesMax);
        set(request);
    }

    private void set(SetRulesRequest.Builder request) throws CairnException {
        core.master.call(
                Method.SET_RULES, request.setId(core.master.nextId()).build(), FileStatus.parser(), core.deadline());
    }

    DirectoryRules rules(FilePath path) throws CairnException {
        RulesReply reply = rulesPage(path, 0);
        List<DirectoryUse> below = new ArrayList<>();
        RulesReply page = reply;
        while (true) {
            page.getBelowList().forEach(entry -> below.add(use(entry)));
            if (!page.getMore()) {
                break;
            }
            page = rulesPage(path, page.getAfterId());
        }
        return new DirectoryRules(
                use(reply.getItself()),
                Duration.ofMillis(reply.getTrashMillis()),
                reply.getAboveList().stream().map(Trees::use).toList(),
                below);
    }

    private RulesReply rulesPage(FilePath path, long after) throws CairnException {
        RulesRequest request = RulesRequest.newBuilder()
                .setPath(path.toString())
                .setAfterId(after)
                .build();
        return core.master.call(Method.RULES, request, RulesReply.parser(), core.deadline());
    }

    private static DirectoryUse use(DirectoryRulesEntry entry) {
        return use(entry.getPath(), entry.getUse());
    }

    static DirectoryUse use(String path, cairn.wire.proto.DirectoryUse use) {
        return new DirectoryUse(
                path,
                use.getFiles(),
                use.getBytes(),
                use.hasTrashMillis() ? Optional.of(Duration.ofMillis(use.getTrashMillis())) : Optional.empty(),
                use.hasBytesMax() ? OptionalLong.of(use.getBytesMax()) : OptionalLong.empty(),
                use.hasFilesMax() ? OptionalLong.of(use.getFilesMax()) : OptionalLong.empty());
    }
}
