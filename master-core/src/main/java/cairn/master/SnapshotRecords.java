package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.FileId;
import cairn.wire.proto.ChunkForkedFact;
import cairn.wire.proto.HandleTakenFact;
import cairn.wire.proto.TreeClonedFact;

/** The records of snapshots as they are written into the log; a part of {@link Records}. */
final class SnapshotRecords {

    private SnapshotRecords() {}

    static TreeClonedFact cloned(MasterRecord.TreeCloned cloned) {
        return TreeClonedFact.newBuilder()
                .setSource(cloned.source().value())
                .setParent(cloned.parent().value())
                .setName(cloned.name())
                .setFirstId(cloned.first().value())
                .setEntries(cloned.entries())
                .setMillis(cloned.millis())
                .build();
    }

    static MasterRecord cloned(TreeClonedFact fact) {
        return new MasterRecord.TreeCloned(
                new FileId(fact.getSource()),
                new FileId(fact.getParent()),
                fact.getName(),
                new FileId(fact.getFirstId()),
                fact.getEntries(),
                fact.getMillis());
    }

    static HandleTakenFact taken(ChunkHandle handle) {
        return HandleTakenFact.newBuilder().setHandle(handle.value()).build();
    }

    static ChunkForkedFact forked(MasterRecord.ChunkForked forked) {
        return ChunkForkedFact.newBuilder()
                .setHandle(forked.chunk().value())
                .setFork(forked.fork().value())
                .setKeeper(forked.keeper().value())
                .build();
    }

    static MasterRecord forked(ChunkForkedFact fact) {
        return new MasterRecord.ChunkForked(
                new ChunkHandle(fact.getHandle()), new ChunkHandle(fact.getFork()), new FileId(fact.getKeeper()));
    }
}
