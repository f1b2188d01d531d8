package cairn.client;

import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FilePath;
import cairn.model.Retry;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.Caller;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.DeleteReply;
import cairn.wire.proto.DeleteRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ListReply;
import cairn.wire.proto.ListRequest;
import cairn.wire.proto.MkdirRequest;
import cairn.wire.proto.RenameRequest;
import cairn.wire.proto.SetAttributesRequest;
import cairn.wire.proto.SnapshotReply;
import cairn.wire.proto.SnapshotRequest;
import cairn.wire.proto.StatRequest;
import java.time.Duration;
import java.util.function.Consumer;

/** Operations on names, at the master; each mutation carries an id with which the master carries it out once. */
final class Names {
    private final Core core;

    Names(Core core) {
        this.core = core;
    }

    FileStatus status(FilePath path) throws CairnException {
        StatRequest request = StatRequest.newBuilder().setPath(path.toString()).build();
        return core.master.call(Method.STAT, request, FileStatus.parser(), core.deadline());
    }

    FileStatus fileAt(FilePath path) throws CairnException {
        FileStatus status = status(path);
        if (status.getDirectory()) {
            throw new CairnException(ErrorCode.IS_DIRECTORY, path + " is a directory");
        }
        return status;
    }

    /** The status with the exact length, from the primary of an open last chunk. */
    FileInfo info(FilePath path, FileStatus first) throws CairnException {
        FileStatus status = first;
        long deadline = core.deadline();
        Backoff backoff = core.backoff();
        while (true) {
            if (!status.hasOpenChunk()) {
                return Statuses.file(path.toString(), status, status.getLength(), true);
            }
            try {
                long tail = core.chunks
                        .committed(status.getFileId(), status.getOpenChunk(), deadline)
                        .getCommitted();
                return Statuses.file(path.toString(), status, status.getLength() + tail, true);
            } catch (CairnException e) {
                boolean gone = e.code() == ErrorCode.NO_SUCH_CHUNK || e.code() == ErrorCode.NOT_FOUND;
                if ((!gone && e.code().retry() != Retry.REFRESH) || core.now() >= deadline) {
                    throw e;
                }
            }
            core.met(Probe.STAT_CHUNK_GONE);
            backoff.pause(deadline);
            status = status(path);
        }
    }

    ListReply list(FilePath path, String after, int limit) throws CairnException {
        ListRequest request = ListRequest.newBuilder()
                .setPath(path.toString())
                .setAfter(after)
                .setLimit(limit)
                .build();
        return core.master.call(Method.LIST, request, ListReply.parser(), core.deadline());
    }

    FileStatus create(FilePath path, CreateOptions options, boolean openExisting) throws CairnException {
        return create(creation(path, options).setOpenExisting(openExisting));
    }

    /** A file with its first chunk, if that could be made. */
    FileStatus createToWrite(FilePath path, CreateOptions options) throws CairnException {
        return create(creation(path, options).setWithChunk(true));
    }

    private FileStatus create(CreateRequest.Builder request) throws CairnException {
        return core.master.call(Method.CREATE, request.build(), FileStatus.parser(), core.deadline());
    }

    private CreateRequest.Builder creation(FilePath path, CreateOptions options) {
        return CreateRequest.newBuilder()
                .setId(core.master.nextId())
                .setCaller(caller())
                .setPath(path.toString())
                .setMode(options.mode())
                .setReplication(options.replication())
                .setOverwrite(options.overwrite())
                .setMakeParents(options.makeParents());
    }

    void mkdir(FilePath path, int mode, boolean parents) throws CairnException {
        MkdirRequest request = MkdirRequest.newBuilder()
                .setId(core.master.nextId())
                .setCaller(caller())
                .setPath(path.toString())
                .setMode(mode)
                .setMakeParents(parents)
                .build();
        core.master.call(Method.MKDIR, request, Empty.parser(), core.deadline());
    }

    void rename(FilePath from, FilePath to, boolean overwrite) throws CairnException {
        RenameRequest request = RenameRequest.newBuilder()
                .setId(core.master.nextId())
                .setCaller(caller())
                .setFrom(from.toString())
                .setTo(to.toString())
                .setOverwrite(overwrite)
                .build();
        core.master.call(Method.RENAME, request, Empty.parser(), core.deadline());
    }

    /** The same request again and again, until the master says that it is done. */
    SnapshotProgress snapshot(FilePath from, FilePath to, Consumer<SnapshotProgress> listener) throws CairnException {
        SnapshotRequest request = SnapshotRequest.newBuilder()
                .setId(core.master.nextId())
                .setCaller(caller())
                .setFrom(from.toString())
                .setTo(to.toString())
                .build();
        long deadline = core.deadline();
        while (true) {
            SnapshotReply reply = core.master.call(Method.SNAPSHOT, request, SnapshotReply.parser(), deadline);
            SnapshotProgress progress = new SnapshotProgress(
                    reply.getDone(),
                    reply.getEntries(),
                    reply.getOpen(),
                    reply.getSealed(),
                    Duration.ofNanos(reply.getHeldNanos()));
            if (reply.getDone()) {
                return progress;
            }
            if (core.now() >= deadline) {
                throw new CairnException(
                        ErrorCode.UNREACHABLE,
                        from + " is not cloned in time: " + Amount.of(reply.getOpen(), "chunk is", "chunks are")
                                + " still being sealed");
            }
            listener.accept(progress);
        }
    }

    DeleteReply delete(FilePath path, boolean recursive, boolean skipTrash) throws CairnException {
        DeleteRequest request = DeleteRequest.newBuilder()
                .setId(core.master.nextId())
                .setCaller(caller())
                .setPath(path.toString())
                .setRecursive(recursive)
                .setSkipTrash(skipTrash)
                .build();
        return core.master.call(Method.DELETE, request, DeleteReply.parser(), core.deadline());
    }

    void setAttributes(FilePath path, AttributeChange change) throws CairnException {
        SetAttributesRequest.Builder request = SetAttributesRequest.newBuilder()
                .setId(core.master.nextId())
                .setCaller(caller())
                .setPath(path.toString());
        if (change.mode() != null) {
            request.setMode(change.mode());
        }
        if (change.owner() != null) {
            request.setOwner(change.owner());
        }
        if (change.group() != null) {
            request.setGroup(change.group());
        }
        if (change.modifiedMillis() != null) {
            request.setModifiedMillis(change.modifiedMillis());
        }
        if (change.replication() != null) {
            request.setReplication(change.replication());
        }
        core.master.call(Method.SET_ATTRIBUTES, request.build(), Empty.parser(), core.deadline());
    }

    private Caller caller() {
        return Caller.newBuilder()
                .setUser(core.options.user())
                .setGroup(core.options.group())
                .build();
    }
}
