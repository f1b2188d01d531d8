package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.model.Geometry;
import cairn.model.Invariant;
import cairn.model.ServerId;
import cairn.wire.proto.AttributesMessage;
import cairn.wire.proto.AttributesSetFact;
import cairn.wire.proto.CellCreatedFact;
import cairn.wire.proto.ChunkAddedFact;
import cairn.wire.proto.ChunkMemberMessage;
import cairn.wire.proto.ChunkSealedFact;
import cairn.wire.proto.ChunksCutFact;
import cairn.wire.proto.EntryMovedFact;
import cairn.wire.proto.InodeErasedFact;
import cairn.wire.proto.InodeMadeFact;
import cairn.wire.proto.LimitSetFact;
import cairn.wire.proto.LogEntry;
import cairn.wire.proto.LogFact;
import cairn.wire.proto.RequestRememberedFact;
import cairn.wire.proto.ServerForgottenFact;
import cairn.wire.proto.ServerKnownFact;
import cairn.wire.proto.VeilSetFact;
import cairn.wire.proto.VersionStartedFact;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;

/** Records as they are written into the log ({@code master_log.proto}). */
public final class Records {

    private Records() {}

    /** The facts of one turn as the payload of one log record. */
    public static byte[] encode(List<MasterRecord> records) {
        LogEntry.Builder entry = LogEntry.newBuilder();
        records.forEach(record -> entry.addFacts(fact(record)));
        return entry.build().toByteArray();
    }

    /** @throws MalformedRecord naming what is wrong: damage, or a fact that a newer version wrote */
    public static List<MasterRecord> decode(byte[] payload) throws MalformedRecord {
        try {
            List<MasterRecord> records = new ArrayList<>();
            for (LogFact fact : LogEntry.parseFrom(payload).getFactsList()) {
                records.add(record(fact));
            }
            return records;
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecord("not a log entry: " + e.getMessage());
        }
    }

    /**
     * Adds the facts of one log record to an image.
     *
     * @throws MalformedRecord it cannot be read, or cannot follow what was before it; the image is then of no use
     */
    public static void applyAll(MasterImage image, byte[] payload) throws MalformedRecord {
        List<MasterRecord> records = decode(payload);
        following(() -> records.forEach(image::apply));
    }

    /** What a record does to an image. */
    interface Change {
        void run() throws MalformedRecord;
    }

    /** Runs what trusts its input; what it cannot take is said of the input. */
    static void following(Change change) throws MalformedRecord {
        try {
            change.run();
        } catch (RuntimeException | Invariant.Broken e) {
            throw new MalformedRecord("it cannot follow what was before it: " + e.getMessage());
        }
    }

    private static Geometry geometry(int chunkBytes, int blockBytes) throws MalformedRecord {
        String fault = Geometry.fault(chunkBytes, blockBytes);
        if (!fault.isEmpty()) {
            throw new MalformedRecord(fault);
        }
        return new Geometry(chunkBytes, blockBytes);
    }

    private static LogFact fact(MasterRecord record) {
        LogFact.Builder fact = LogFact.newBuilder();
        return switch (record) {
            case MasterRecord.CellCreated created ->
                fact.setCellCreated(created(created)).build();
            case MasterRecord.InodeMade(var inode) ->
                fact.setInodeMade(inode(inode)).build();
            case MasterRecord.EntryMoved moved ->
                fact.setEntryMoved(moved(moved)).build();
            case MasterRecord.EntryTrashed(var entry, var name) ->
                fact.setEntryTrashed(TreeRecords.trashed(entry, name)).build();
            case MasterRecord.DirectoryRuled(var id, var rules) ->
                fact.setDirectoryRuled(TreeRecords.ruled(id, rules)).build();
            case MasterRecord.AttributesSet(var id, var attributes) ->
                fact.setAttributesSet(
                                AttributesSetFact.newBuilder().setId(id.value()).setAttributes(attributes(attributes)))
                        .build();
            case MasterRecord.InodeErased(var id) ->
                fact.setInodeErased(InodeErasedFact.newBuilder().setId(id.value()))
                        .build();
            case MasterRecord.RequestRemembered(var key, var outcome) ->
                fact.setRequestRemembered(remembered(key, outcome)).build();
            case MasterRecord.ChunkAdded added ->
                fact.setChunkAdded(added(added)).build();
            case MasterRecord.VersionStarted started ->
                fact.setVersionStarted(started(started)).build();
            case MasterRecord.ChunkSealed sealed ->
                fact.setChunkSealed(sealed(sealed)).build();
            case MasterRecord.ChunksCut(var file, var keep, var millis) ->
                fact.setChunksCut(ChunksCutFact.newBuilder()
                                .setFileId(file.value())
                                .setKeep(keep)
                                .setMillis(millis))
                        .build();
            case MasterRecord.TreeCloned cloned ->
                fact.setTreeCloned(SnapshotRecords.cloned(cloned)).build();
            case MasterRecord.HandleTaken(var handle) ->
                fact.setHandleTaken(SnapshotRecords.taken(handle)).build();
            case MasterRecord.ChunkForked forked ->
                fact.setChunkForked(SnapshotRecords.forked(forked)).build();
            case MasterRecord.ServerKnown(var server) ->
                fact.setServerKnown(server(server)).build();
            case MasterRecord.VeilSet set -> fact.setVeilSet(veil(set)).build();
            case MasterRecord.LimitSet set -> fact.setLimitSet(limit(set)).build();
            case MasterRecord.ServerForgotten(var server) ->
                fact.setServerForgotten(ServerForgottenFact.newBuilder().setServerId(server.value()))
                        .build();
        };
    }

    private static MasterRecord record(LogFact fact) throws MalformedRecord {
        return switch (fact.getFactCase()) {
            case CELL_CREATED -> created(fact.getCellCreated());
            case INODE_MADE -> new MasterRecord.InodeMade(inode(fact.getInodeMade()));
            case ENTRY_MOVED -> moved(fact.getEntryMoved());
            case ENTRY_TRASHED ->
                new MasterRecord.EntryTrashed(
                        TreeRecords.trashed(fact.getEntryTrashed()),
                        fact.getEntryTrashed().getName());
            case DIRECTORY_RULED -> TreeRecords.ruled(fact.getDirectoryRuled());
            case ATTRIBUTES_SET -> attributesSet(fact.getAttributesSet());
            case INODE_ERASED ->
                new MasterRecord.InodeErased(new FileId(fact.getInodeErased().getId()));
            case REQUEST_REMEMBERED -> remembered(fact.getRequestRemembered());
            case CHUNK_ADDED -> added(fact.getChunkAdded());
            case VERSION_STARTED -> started(fact.getVersionStarted());
            case CHUNK_SEALED -> sealed(fact.getChunkSealed());
            case CHUNKS_CUT -> cut(fact.getChunksCut());
            case TREE_CLONED -> SnapshotRecords.cloned(fact.getTreeCloned());
            case HANDLE_TAKEN ->
                new MasterRecord.HandleTaken(
                        new ChunkHandle(fact.getHandleTaken().getHandle()));
            case CHUNK_FORKED -> SnapshotRecords.forked(fact.getChunkForked());
            case SERVER_KNOWN -> new MasterRecord.ServerKnown(server(fact.getServerKnown()));
            case VEIL_SET -> veil(fact.getVeilSet());
            case LIMIT_SET -> limit(fact.getLimitSet());
            case SERVER_FORGOTTEN ->
                new MasterRecord.ServerForgotten(
                        new ServerId(fact.getServerForgotten().getServerId()));
            case FACT_NOT_SET -> throw new MalformedRecord("a fact that this version does not know");
        };
    }

    private static CellCreatedFact created(MasterRecord.CellCreated created) {
        return CellCreatedFact.newBuilder()
                .setCellId(created.cellId())
                .setChunkBytes(created.geometry().chunkBytes())
                .setBlockBytes(created.geometry().blockBytes())
                .setRootGoal(created.rootGoal())
                .setMillis(created.millis())
                .build();
    }

    private static MasterRecord created(CellCreatedFact fact) throws MalformedRecord {
        Geometry geometry = geometry(fact.getChunkBytes(), fact.getBlockBytes());
        return new MasterRecord.CellCreated(fact.getCellId(), geometry, fact.getRootGoal(), fact.getMillis());
    }

    private static AttributesMessage attributes(Attributes attributes) {
        return AttributesMessage.newBuilder()
                .setOwner(attributes.owner())
                .setGroup(attributes.group())
                .setMode(attributes.mode())
                .setGoal(attributes.goal())
                .setModifiedMillis(attributes.modifiedMillis())
                .setModifiedPinned(attributes.modifiedPinned())
                .build();
    }

    private static Attributes attributes(AttributesMessage message) {
        return new Attributes(
                message.getOwner(),
                message.getGroup(),
                message.getMode(),
                message.getGoal(),
                message.getModifiedMillis(),
                message.getModifiedPinned());
    }

    private static MasterRecord attributesSet(AttributesSetFact fact) {
        return new MasterRecord.AttributesSet(new FileId(fact.getId()), attributes(fact.getAttributes()));
    }

    static InodeMadeFact inode(Inode inode) {
        return InodeMadeFact.newBuilder()
                .setId(inode.id().value())
                .setParent(inode.parent().value())
                .setName(inode.name())
                .setDirectory(inode.directory())
                .setAttributes(attributes(inode.attributes()))
                .build();
    }

    static Inode inode(InodeMadeFact fact) {
        return new Inode(
                new FileId(fact.getId()),
                new FileId(fact.getParent()),
                fact.getName(),
                fact.getDirectory(),
                attributes(fact.getAttributes()));
    }

    private static EntryMovedFact moved(MasterRecord.EntryMoved moved) {
        return EntryMovedFact.newBuilder()
                .setId(moved.id().value())
                .setParent(moved.parent().value())
                .setName(moved.name())
                .setMillis(moved.millis())
                .build();
    }

    private static MasterRecord moved(EntryMovedFact fact) {
        return new MasterRecord.EntryMoved(
                new FileId(fact.getId()), new FileId(fact.getParent()), fact.getName(), fact.getMillis());
    }

    static RequestRememberedFact remembered(RequestKey key, Outcome outcome) {
        return RequestRememberedFact.newBuilder()
                .setClient(key.client())
                .setSequence(key.sequence())
                .setMethod(outcome.method())
                .setFileId(outcome.file().value())
                .setTrashPath(outcome.trashPath())
                .addAllNumbers(outcome.numbers())
                .build();
    }

    static MasterRecord.RequestRemembered remembered(RequestRememberedFact fact) {
        return new MasterRecord.RequestRemembered(
                new RequestKey(fact.getClient(), fact.getSequence()),
                new Outcome(
                        fact.getMethod(), new FileId(fact.getFileId()), fact.getTrashPath(), fact.getNumbersList()));
    }

    static List<ChunkMemberMessage> members(List<ChunkMember> members) {
        return members.stream()
                .map(member -> ChunkMemberMessage.newBuilder()
                        .setServerId(member.server().value())
                        .setFull(member.full())
                        .build())
                .toList();
    }

    static List<ChunkMember> membersOf(List<ChunkMemberMessage> members) {
        return members.stream()
                .map(member -> new ChunkMember(new ServerId(member.getServerId()), member.getFull()))
                .toList();
    }

    private static ChunkAddedFact added(MasterRecord.ChunkAdded added) {
        return ChunkAddedFact.newBuilder()
                .setHandle(added.chunk().value())
                .setFileId(added.file().value())
                .addAllMembers(members(added.members()))
                .setMillis(added.millis())
                .build();
    }

    private static MasterRecord added(ChunkAddedFact fact) {
        return new MasterRecord.ChunkAdded(
                new ChunkHandle(fact.getHandle()),
                new FileId(fact.getFileId()),
                membersOf(fact.getMembersList()),
                fact.getMillis());
    }

    static List<Long> ids(List<ServerId> servers) {
        return servers.stream().map(ServerId::value).toList();
    }

    static List<ServerId> serversOf(List<Long> ids) {
        return ids.stream().map(ServerId::new).toList();
    }

    private static VersionStartedFact started(MasterRecord.VersionStarted started) {
        return VersionStartedFact.newBuilder()
                .setHandle(started.chunk().value())
                .setVersion(started.version().value())
                .addAllMembers(members(started.members()))
                .addAllComplete(ids(started.complete()))
                .setMillis(started.millis())
                .build();
    }

    private static MasterRecord started(VersionStartedFact fact) {
        return new MasterRecord.VersionStarted(
                new ChunkHandle(fact.getHandle()),
                new ChunkVersion(fact.getVersion()),
                membersOf(fact.getMembersList()),
                serversOf(fact.getCompleteList()),
                fact.getMillis());
    }

    private static ChunkSealedFact sealed(MasterRecord.ChunkSealed sealed) {
        return ChunkSealedFact.newBuilder()
                .setHandle(sealed.chunk().value())
                .setVersion(sealed.version().value())
                .setLength(sealed.length())
                .setMillis(sealed.millis())
                .build();
    }

    private static MasterRecord sealed(ChunkSealedFact fact) {
        return new MasterRecord.ChunkSealed(
                new ChunkHandle(fact.getHandle()),
                new ChunkVersion(fact.getVersion()),
                fact.getLength(),
                fact.getMillis());
    }

    private static MasterRecord cut(ChunksCutFact fact) {
        return new MasterRecord.ChunksCut(new FileId(fact.getFileId()), fact.getKeep(), fact.getMillis());
    }

    static VeilSetFact veil(MasterRecord.VeilSet set) {
        return VeilSetFact.newBuilder()
                .setFileId(set.file().value())
                .setVeiled(set.veiled())
                .build();
    }

    static MasterRecord.VeilSet veil(VeilSetFact fact) {
        return new MasterRecord.VeilSet(new FileId(fact.getFileId()), fact.getVeiled());
    }

    static LimitSetFact limit(MasterRecord.LimitSet set) {
        return LimitSetFact.newBuilder()
                .setLimit(set.limit().number())
                .setValue(set.value())
                .build();
    }

    static MasterRecord.LimitSet limit(LimitSetFact fact) throws MalformedRecord {
        CellLimit limit = CellLimit.numbered(fact.getLimit());
        if (limit == null) {
            throw new MalformedRecord("a limit that this version does not know");
        }
        return new MasterRecord.LimitSet(limit, fact.getValue());
    }

    static ServerKnownFact server(KnownServer server) {
        return ServerKnownFact.newBuilder()
                .setServerId(server.id().value())
                .setAddress(server.address())
                .setRack(server.rack())
                .setDraining(server.draining())
                .build();
    }

    static KnownServer server(ServerKnownFact fact) {
        return new KnownServer(new ServerId(fact.getServerId()), fact.getAddress(), fact.getRack(), fact.getDraining());
    }
}
