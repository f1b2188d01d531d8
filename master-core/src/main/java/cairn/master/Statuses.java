package cairn.master;

import cairn.model.ChunkHandle;
import cairn.model.FileId;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.DirectoryUse;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.List;

/** What clients are told of files and chunks. Changes nothing. */
final class Statuses {
    private final MasterImage image;
    private final ClusterView view;

    Statuses(MasterImage image, ClusterView view) {
        this.image = image;
        this.view = view;
    }

    FileStatus of(Inode inode, long nanos) {
        FileStatus.Builder status = attributes(inode);
        if (inode.directory()) {
            int hidden = inode.id().equals(Inode.ROOT) ? 1 : 0;
            return status.setEntryCount(image.names().entryCount(inode.id()) - hidden)
                    .setUse(use(image, inode.id()))
                    .build();
        }
        int chunks = image.names().chunkCount(inode.id());
        long length = image.names().bytes(inode.id());
        if (chunks > 0) {
            Chunk last = image.chunk(image.names().chunkAt(inode.id(), chunks - 1));
            if (last != null && !last.sealed()) {
                length -= last.length();
                status.setOpenChunk(location(last, nanos));
            }
        }
        return status.setChunkCount(chunks).setLength(length).build();
    }

    /** What a directory holds, and what was laid down for it. */
    static DirectoryUse use(MasterImage image, FileId directory) {
        TreeUse use = image.useOf(directory);
        DirectoryRules rules = image.rules(directory);
        DirectoryUse.Builder message =
                DirectoryUse.newBuilder().setFiles(use.files()).setBytes(use.bytes());
        if (rules.trashMillis() != DirectoryRules.UNSET) {
            message.setTrashMillis(rules.trashMillis());
        }
        if (rules.bytesMax() != DirectoryRules.UNSET) {
            message.setBytesMax(rules.bytesMax());
        }
        if (rules.filesMax() != DirectoryRules.UNSET) {
            message.setFilesMax(rules.filesMax());
        }
        return message.build();
    }

    /** Of something that this turn makes: the image does not know it yet. */
    FileStatus ofNew(Inode inode) {
        return attributes(inode).build();
    }

    /** Of what a repeated request had made or changed; it may be gone meanwhile. */
    FileStatus ofRemembered(FileId id, long nanos) {
        Inode inode = image.names().find(id);
        return inode == null ? FileStatus.newBuilder().setFileId(id.value()).build() : of(inode, nanos);
    }

    private static FileStatus.Builder attributes(Inode inode) {
        Attributes attributes = inode.attributes();
        return FileStatus.newBuilder()
                .setFileId(inode.id().value())
                .setName(inode.name())
                .setDirectory(inode.directory())
                .setReplication(attributes.goal())
                .setMode(attributes.mode())
                .setOwner(attributes.owner())
                .setGroup(attributes.group())
                .setModifiedMillis(attributes.modifiedMillis());
    }

    /** Live replicas; of an open chunk its chain, the primary first, and whether that one leads. */
    ChunkLocation location(Chunk chunk, long nanos) {
        boolean last = chunk.index() == image.names().chunkCount(chunk.file()) - 1;
        ChunkLocation.Builder location = ChunkLocation.newBuilder()
                .setHandle(chunk.handle().value())
                .setIndex(chunk.index())
                .setVersion(chunk.version().value())
                .setSealed(chunk.sealed())
                .setLength(chunk.sealed() || !last ? chunk.length() : 0);
        ChunkHandle origin = image.originOf(chunk.handle());
        if (!origin.equals(chunk.handle())) {
            location.setOrigin(origin.value());
        }
        if (chunk.sealed()) {
            readable(chunk, nanos).forEach(server -> location.addMembers(server.member()));
        } else {
            addChain(chunk, location, nanos);
        }
        return location.build();
    }

    private void addChain(Chunk chunk, ChunkLocation.Builder location, long nanos) {
        location.setLed(view.leader(chunk, nanos) != null);
        for (ChunkMember member : chunk.members()) {
            ServerState server = view.server(member.server());
            if (server != null && view.isLive(member.server(), nanos)) {
                location.addMembers(server.member());
            }
        }
    }

    /**
     * Who can serve a sealed chunk: proven replicas first, then those that have not heard of the seal yet (they took part
     * in all that was acknowledged, and prove every read of the end with their primary).
     */
    List<ServerState> readable(Chunk chunk, long nanos) {
        List<ServerState> readable = new ArrayList<>(view.goodHolders(chunk, nanos));
        view.replicasOf(chunk.handle()).forEach((id, replica) -> {
            ServerState server = view.server(id);
            if (server != null && unsealedYet(chunk, replica) && view.isLive(id, nanos)) {
                readable.add(server);
            }
        });
        return readable;
    }

    private static boolean unsealedYet(Chunk chunk, ReplicaReport replica) {
        return ClusterView.isUnproven(chunk, replica) && !replica.getSealed() && !replica.getSuspect();
    }

    /** Sum of the lengths of the chunks before {@code index}. */
    long offsetOf(FileId file, int index) {
        long offset = 0;
        for (int i = 0; i < index; i++) {
            Chunk chunk = image.chunk(image.names().chunkAt(file, i));
            offset += chunk == null ? 0 : chunk.length();
        }
        return offset;
    }

    List<Chunk> chunks(FileId file, int first, int count) {
        List<Chunk> chunks = new ArrayList<>();
        int end = (int) Math.min((long) first + count, image.names().chunkCount(file));
        for (int i = first; i < end; i++) {
            ChunkHandle handle = image.names().chunkAt(file, i);
            Chunk chunk = image.chunk(handle);
            if (chunk != null) {
                chunks.add(chunk);
            }
        }
        return chunks;
    }
}
