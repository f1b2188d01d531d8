package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.wire.proto.EmptyTrashReply;
import cairn.wire.proto.EmptyTrashRequest;
import cairn.wire.proto.ListTrashReply;
import cairn.wire.proto.ListTrashRequest;
import cairn.wire.proto.RulesReply;
import cairn.wire.proto.RulesRequest;
import cairn.wire.proto.SetRulesRequest;
import cairn.wire.proto.TrashEntry;
import cairn.wire.proto.UndeleteRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Trash and quotas on the workbench: requests in short words, and what directories hold, summed up anew. */
final class Trees {
    final Bench master;

    Trees(Bench master) {
        this.master = master;
    }

    Effect undelete(String path) {
        return undelete(UndeleteRequest.newBuilder().setPath(path).build());
    }

    Effect undelete(UndeleteRequest request) {
        return master.ask(new MasterInput.Undelete(master.ticket(), request));
    }

    Effect setTrashSeconds(String path, long seconds) {
        return rule(SetRulesRequest.newBuilder().setPath(path).setTrashMillis(seconds < 0 ? -1 : seconds * 1000));
    }

    Effect limitFiles(String path, long files) {
        return rule(SetRulesRequest.newBuilder().setPath(path).setFilesMax(files));
    }

    Effect limitBytes(String path, long bytes) {
        return rule(SetRulesRequest.newBuilder().setPath(path).setBytesMax(bytes));
    }

    Effect rule(SetRulesRequest.Builder request) {
        return master.ask(new MasterInput.SetRules(master.ticket(), request.build()));
    }

    RulesReply rules(String path) {
        return Bench.reply(
                master.ask(new MasterInput.Rules(
                        master.ticket(), RulesRequest.newBuilder().setPath(path).build())),
                RulesReply.class);
    }

    EmptyTrashReply empty(EmptyTrashRequest request) {
        return Bench.reply(master.ask(new MasterInput.EmptyTrash(master.ticket(), request)), EmptyTrashReply.class);
    }

    EmptyTrashReply empty(String path) {
        return empty(EmptyTrashRequest.newBuilder().setPath(path).build());
    }

    /** All pages, of {@code limit} entries. */
    List<TrashEntry> trash(String path, int limit) {
        List<TrashEntry> entries = new ArrayList<>();
        ListTrashRequest.Builder request =
                ListTrashRequest.newBuilder().setPath(path).setLimit(limit);
        while (true) {
            ListTrashReply page = Bench.reply(
                    master.ask(new MasterInput.ListTrash(master.ticket(), request.build())), ListTrashReply.class);
            entries.addAll(page.getEntriesList());
            if (!page.getMore()) {
                return entries;
            }
            request.setAfterPath(entries.getLast().getPath());
            request.setAfterNumber(entries.getLast().getNumber());
        }
    }

    List<String> trashPaths(String path) {
        return trash(path, 1000).stream().map(TrashEntry::getPath).toList();
    }

    /** Puts {@code bytes} into a file as one sealed chunk more, without any server. */
    void write(String path, long bytes) {
        FileId file = new FileId(master.status(path).getFileId());
        MasterImage image = master.core.image();
        ChunkHandle chunk = new ChunkHandle(image.nextHandle());
        master.record(new MasterRecord.ChunkAdded(chunk, file, List.of(), 0));
        master.record(new MasterRecord.ChunkSealed(chunk, new ChunkVersion(1), bytes, 0));
    }

    /** What each directory holds, summed up from all files. */
    static Map<FileId, TreeUse> counted(MasterImage image) {
        Map<FileId, TreeUse> uses = new TreeMap<>();
        for (Inode inode : image.names().all()) {
            if (!inode.directory()) {
                TreeUse use = new TreeUse(1, image.names().bytes(inode.id()));
                FileId at = inode.parent();
                while (!at.equals(Inode.NOWHERE)) {
                    uses.merge(at, use, TreeUse::plus);
                    Inode directory = image.names().find(at);
                    boolean top = directory == null || at.equals(Inode.TRASH);
                    at = top ? Inode.NOWHERE : directory.parent();
                }
            }
        }
        return uses;
    }

    /** The same as the image says. */
    static Map<FileId, TreeUse> known(MasterImage image) {
        Map<FileId, TreeUse> uses = new TreeMap<>();
        for (Inode inode : image.names().all()) {
            if (inode.directory() && !image.use(inode).isNothing()) {
                uses.put(inode.id(), image.use(inode));
            }
        }
        return uses;
    }
}
