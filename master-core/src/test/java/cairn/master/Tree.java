package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.wire.proto.FileStatus;
import java.util.ArrayList;
import java.util.List;

/** Files with many sealed chunks, straight into the image of a master on the workbench. */
final class Tree {

    private Tree() {}

    /** {@code files} files of {@code chunks} chunks each on servers 1 to 3; returns the files' ids. */
    static List<Long> of(Bench master, int files, int chunks) {
        List<Long> ids = new ArrayList<>();
        long handle = master.core.image().nextHandle();
        for (int f = 0; f < files; f++) {
            FileStatus file = Bench.reply(master.create("/many" + f, false, false), FileStatus.class);
            ids.add(file.getFileId());
            for (int c = 0; c < chunks; c++) {
                ChunkHandle chunk = new ChunkHandle(handle++);
                List<ChunkMember> members = new ArrayList<>();
                for (long server = 1; server <= 3; server++) {
                    members.add(new ChunkMember(new ServerId(server), true));
                }
                master.core.apply(
                        new MasterRecord.ChunkAdded(chunk, new cairn.model.FileId(file.getFileId()), members, 1000));
                master.core.apply(new MasterRecord.ChunkSealed(chunk, new cairn.model.ChunkVersion(1), 0, 1000));
            }
        }
        return ids;
    }
}
