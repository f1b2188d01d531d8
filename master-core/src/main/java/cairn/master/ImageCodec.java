package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.model.Geometry;
import cairn.wire.proto.ImageChunk;
import cairn.wire.proto.ImageDirectory;
import cairn.wire.proto.ImageHeader;
import cairn.wire.proto.ImageRecord;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Arrays;

/**
 * An image as the records of a checkpoint: header, limits, servers, inodes by id, veils, chunks by handle, remembered requests in log
 * order. Equal images give equal bytes, so two histories can be compared.
 */
public final class ImageCodec {

    private ImageCodec() {}

    /** Takes the records of a checkpoint, one after the other. */
    public interface Sink<X extends Exception> {
        void take(byte[] record) throws X;
    }

    public static <X extends Exception> void export(MasterImage image, Sink<X> sink) throws X {
        sink.take(record().setHeader(header(image)).build().toByteArray());
        for (CellLimit limit : CellLimit.values()) {
            if (image.limit(limit) != MasterImage.AS_BUILT_IN) {
                MasterRecord.LimitSet set = new MasterRecord.LimitSet(limit, image.limit(limit));
                sink.take(record().setLimit(Records.limit(set)).build().toByteArray());
            }
        }
        for (KnownServer server : image.servers()) {
            sink.take(record().setServer(Records.server(server)).build().toByteArray());
        }
        for (Inode inode : image.names().all()) {
            sink.take(record().setInode(Records.inode(inode)).build().toByteArray());
        }
        for (Inode inode : image.names().all()) {
            exportDirectory(image, inode, sink);
        }
        for (Trashed entry : image.trash().all()) {
            sink.take(
                    record().setTrashed(TreeRecords.trashed(entry, "")).build().toByteArray());
        }
        for (FileId file : image.veiled()) {
            MasterRecord.VeilSet set = new MasterRecord.VeilSet(file, true);
            sink.take(record().setVeil(Records.veil(set)).build().toByteArray());
        }
        for (Chunk chunk : image.chunksAfter(new ChunkHandle(0))) {
            sink.take(record().setChunk(chunk(image, chunk)).build().toByteArray());
        }
        for (var request : image.requests().entrySet()) {
            sink.take(record().setRequest(Records.remembered(request.getKey(), request.getValue()))
                    .build()
                    .toByteArray());
        }
    }

    /** Only of those of which there is something to say. */
    private static <X extends Exception> void exportDirectory(MasterImage image, Inode inode, Sink<X> sink) throws X {
        if (!inode.directory()) {
            return;
        }
        TreeUse use = image.use(inode);
        DirectoryRules rules = image.rules(inode.id());
        if (!use.isNothing() || !rules.isNone()) {
            sink.take(record().setDirectory(TreeRecords.directory(inode.id(), use, rules))
                    .build()
                    .toByteArray());
        }
    }

    /** Adds one record of a checkpoint to an image that was empty before the first. */
    public static void load(MasterImage image, byte[] bytes) throws MalformedRecord {
        ImageRecord record;
        try {
            record = ImageRecord.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecord("not a checkpoint record: " + e.getMessage());
        }
        if (record.getPartCase() == ImageRecord.PartCase.PART_NOT_SET) {
            throw new MalformedRecord("a record that this version does not know");
        }
        Records.following(() -> load(image, record));
    }

    private static void load(MasterImage image, ImageRecord record) throws MalformedRecord {
        switch (record.getPartCase()) {
            case HEADER -> loadHeader(image, record.getHeader());
            case LIMIT -> image.loadLimit(Records.limit(record.getLimit()));
            case SERVER -> image.loadServer(Records.server(record.getServer()));
            case INODE -> image.loadInode(Records.inode(record.getInode()));
            case DIRECTORY -> loadDirectory(image, record.getDirectory());
            case TRASHED -> image.loadTrashed(TreeRecords.trashed(record.getTrashed()));
            case VEIL -> image.loadVeil(Records.veil(record.getVeil()));
            case CHUNK -> loadChunk(image, record.getChunk());
            case REQUEST -> {
                MasterRecord.RequestRemembered request = Records.remembered(record.getRequest());
                image.loadRequest(request.key(), request.outcome());
            }
            case PART_NOT_SET -> {}
        }
    }

    /** One readable line for a record, for {@code cairn dump}. */
    public static String describe(byte[] bytes) throws MalformedRecord {
        try {
            ImageRecord record = ImageRecord.parseFrom(bytes);
            return switch (record.getPartCase()) {
                case HEADER -> describe(record.getHeader());
                case LIMIT -> Records.limit(record.getLimit()).toString();
                case SERVER -> Records.server(record.getServer()).toString();
                case INODE -> Records.inode(record.getInode()).toString();
                case DIRECTORY -> TreeRecords.describe(record.getDirectory());
                case TRASHED -> TreeRecords.trashed(record.getTrashed()).toString();
                case VEIL -> Records.veil(record.getVeil()).toString();
                case CHUNK -> describe(record.getChunk());
                case REQUEST -> Records.remembered(record.getRequest()).toString();
                case PART_NOT_SET -> throw new MalformedRecord("a record that this version does not know");
            };
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecord("not a checkpoint record: " + e.getMessage());
        }
    }

    private static ImageRecord.Builder record() {
        return ImageRecord.newBuilder();
    }

    private static ImageHeader header(MasterImage image) {
        return ImageHeader.newBuilder()
                .setCellId(image.cellId())
                .setChunkBytes(image.geometry().chunkBytes())
                .setBlockBytes(image.geometry().blockBytes())
                .setNextFileId(image.nextFileId())
                .setNextHandle(image.nextHandle())
                .setNextServerId(image.nextServerId())
                .setLastTrashNumber(image.trash().lastNumber())
                .build();
    }

    private static void loadHeader(MasterImage image, ImageHeader header) {
        image.loadHeader(
                header.getCellId(),
                new Geometry(header.getChunkBytes(), header.getBlockBytes()),
                header.getNextFileId(),
                header.getNextHandle(),
                header.getNextServerId());
        image.trash().loadLastNumber(header.getLastTrashNumber());
    }

    private static void loadDirectory(MasterImage image, ImageDirectory message) {
        image.loadDirectory(
                new FileId(message.getId()),
                new TreeUse(message.getFiles(), message.getBytes()),
                TreeRecords.rules(message.getRules()));
    }

    private static String describe(ImageHeader header) {
        return String.format(
                "Header[cell=%016x, chunk=%d bytes, block=%d bytes, nextFile=%d, nextHandle=%d, nextServer=%d, lastTrash=%d]",
                header.getCellId(),
                header.getChunkBytes(),
                header.getBlockBytes(),
                header.getNextFileId(),
                header.getNextHandle(),
                header.getNextServerId(),
                header.getLastTrashNumber());
    }

    private static ImageChunk chunk(MasterImage image, Chunk chunk) {
        ChunkHandle origin = image.originOf(chunk.handle());
        return ImageChunk.newBuilder()
                .setHandle(chunk.handle().value())
                .setFileId(chunk.file().value())
                .setVersion(chunk.version().value())
                .setSealed(chunk.sealed())
                .setLength(chunk.length())
                .addAllMembers(Records.members(chunk.members()))
                .addAllComplete(Records.ids(chunk.complete()))
                .setIndex(chunk.index())
                .addAllSharers(
                        Arrays.stream(image.sharersOf(chunk.handle())).boxed().toList())
                .setOrigin(origin.equals(chunk.handle()) ? 0 : origin.value())
                .build();
    }

    private static void loadChunk(MasterImage image, ImageChunk message) {
        long[] sharers =
                message.getSharersList().stream().mapToLong(Long::longValue).toArray();
        image.loadChunk(chunk(message), sharers, message.getOrigin());
    }

    private static String describe(ImageChunk message) {
        return chunk(message)
                + (message.getSharersCount() == 0 ? "" : " shared with files " + message.getSharersList())
                + (message.getOrigin() == 0 ? "" : " fork of " + new ChunkHandle(message.getOrigin()));
    }

    private static Chunk chunk(ImageChunk message) {
        return new Chunk(
                new ChunkHandle(message.getHandle()),
                new FileId(message.getFileId()),
                message.getIndex(),
                new ChunkVersion(message.getVersion()),
                message.getSealed(),
                message.getLength(),
                Records.membersOf(message.getMembersList()),
                Records.serversOf(message.getCompleteList()));
    }
}
