package cairn.client;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FilePath;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.wire.Method;
import cairn.wire.proto.DeleteReply;
import cairn.wire.proto.DrainRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ForgetRequest;
import cairn.wire.proto.LimitChange;
import cairn.wire.proto.LimitsReply;
import cairn.wire.proto.LimitsRequest;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.ReportRequest;
import cairn.wire.proto.ScrubReply;
import cairn.wire.proto.ScrubRequest;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * A connection to a cell: start here. Thread-safe; one for a whole process is right. Metadata comes from the master,
 * file data moves directly between this process and the chunkservers (GFS 2.3, 2.4).
 *
 * <p>Paths are absolute. Operations on names are atomic, durable on return, and carried out once however often they
 * are retried. Every call ends within {@link ClientOptions#operationTimeout}: with an answer, or with a {@link
 * CairnException} whose code says what happened (UNREACHABLE: the change may or may not have been made).
 */
public final class Cairn implements AutoCloseable {

    private static final long TAIL_PATIENCE_NANOS = 2_000_000_000L;

    private final Core core;
    private final Names names;
    private final Trees trees;

    private Cairn(Core core) {
        this.core = core;
        this.names = new Names(core);
        this.trees = new Trees(core);
    }

    /**
     * Connects to a cell through the real network, with {@link ClientOptions#DEFAULTS}.
     *
     * @throws CairnException UNREACHABLE when the master does not answer, at once when nobody listens there
     */
    public static Cairn connect(ServerAddress master) throws CairnException {
        ClientOptions options = ClientOptions.DEFAULTS.withCaller(
                System.getProperty("user.name", "nobody"), System.getProperty("user.name", "nobody"));
        return connect(List.of(master), options, RealWorld.create());
    }

    /** Connects to a cell of which {@code masters} are the masters, in the world given. */
    public static Cairn connect(List<ServerAddress> masters, ClientOptions options, World world) throws CairnException {
        Core core = new Core(masters, options, world);
        try {
            core.meet();
        } catch (CairnException e) {
            core.close();
            throw e;
        }
        return new Cairn(core);
    }

    /** How reads went so far. */
    public ReadCounts readCounts() {
        return core.hedges.counts(core.near.counts());
    }

    /**
     * Why replicas of the chunkserver at {@code address} are not read from their files here; empty when nothing is in the way.
     *
     * @throws CairnException UNREACHABLE when the server does not answer
     */
    public String shortCircuitObstacle(ServerAddress address) throws CairnException {
        return core.near.obstacle(address, core.deadline());
    }

    /** Whether {@code address} is on this host, as far as this host knows. */
    public boolean isHere(ServerAddress address) {
        return core.world.network().isHere(address.host());
    }

    /** The sizes the cell was built with. */
    public Geometry geometry() {
        return core.geometry();
    }

    /** What {@code path} is now; the length is exact (the primary of an open last chunk is asked). */
    public FileInfo stat(String path) throws CairnException {
        FilePath parsed = FilePath.parse(path);
        return names.info(parsed, names.status(parsed));
    }

    /** Whether there is a file or directory at {@code path}. */
    public boolean exists(String path) throws CairnException {
        try {
            names.status(FilePath.parse(path));
            return true;
        } catch (CairnException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.NOT_DIRECTORY) {
                return false;
            }
            throw e;
        }
    }

    /**
     * The entries of a directory, in the order of their names' UTF-8 bytes; a file lists as itself. Fetched in pages
     * while it is iterated, so what changes meanwhile may or may not show; the iterator throws {@link
     * java.io.UncheckedIOException} around a {@link CairnException}.
     */
    public Iterable<FileInfo> list(String path) throws CairnException {
        FilePath parsed = FilePath.parse(path);
        FileStatus status = names.status(parsed);
        return status.getDirectory() ? new Listing(core, names, parsed) : List.of(names.info(parsed, status));
    }

    /** Makes a directory with mode 0755. With {@code parents}, missing parents too, and an existing one is no error. */
    public void mkdir(String path, boolean parents) throws CairnException {
        mkdir(path, parents, 0755);
    }

    /** Makes a directory with the permission bits {@code mode}. */
    public void mkdir(String path, boolean parents, int mode) throws CairnException {
        names.mkdir(FilePath.parse(path), mode, parents);
    }

    /** Makes a file and opens it for writing from its start. The file exists, empty, on return. */
    public CairnOutput create(String path, CreateOptions options) throws CairnException {
        FilePath parsed = FilePath.parse(path);
        return new CairnOutput(core, names.createToWrite(parsed, options), parsed.toString());
    }

    /** Makes an empty file: as {@link #create} and {@link CairnOutput#close} at once, without anything to write with. */
    public void createEmpty(String path, CreateOptions options) throws CairnException {
        names.create(FilePath.parse(path), options, false);
    }

    /** Opens a file for record appends. */
    public CairnAppender append(String path, AppendOptions options) throws CairnException {
        FilePath parsed = FilePath.parse(path);
        CreateOptions creation = new CreateOptions(false, options.makeParents(), options.replication(), options.mode());
        FileStatus status = options.create() ? names.create(parsed, creation, true) : names.fileAt(parsed);
        return new CairnAppender(core, status.getFileId(), parsed.toString(), options.synced());
    }

    /** Opens a file for reading. The input stays with this file when the path is renamed or replaced. */
    public CairnInput open(String path) throws CairnException {
        return new CairnInput(core, reading(path));
    }

    /** Opens an existing file for writing at given offsets. */
    public CairnWriter openForWrite(String path) throws CairnException {
        FilePath parsed = FilePath.parse(path);
        return new CairnWriter(core, names.fileAt(parsed).getFileId(), parsed.toString());
    }

    /** Reads a file from {@code fromOffset} on, waiting at its end for more. */
    public CairnFollower follow(String path, long fromOffset) throws CairnException {
        return new CairnFollower(core, reading(path), fromOffset);
    }

    /** Renames a file or directory, atomically, at constant cost. {@code to} is the full new path. */
    public void rename(String from, String to, boolean overwrite) throws CairnException {
        names.rename(FilePath.parse(from), FilePath.parse(to), overwrite);
    }

    /**
     * Clones a file or a tree to a path where there is nothing (GFS 3.4): a copy of it as it was at one instant between call and
     * return, that is written, cloned and deleted like anything else. No data is copied until one side is written; writers to the
     * tree wait until everything in it that is being written is sealed, and go on.
     *
     * @return what was done
     */
    public SnapshotProgress snapshot(String from, String to) throws CairnException {
        return snapshot(from, to, progress -> {});
    }

    /** The same, and tells about once a second how far it is. */
    public SnapshotProgress snapshot(String from, String to, Consumer<SnapshotProgress> listener)
            throws CairnException {
        return names.snapshot(FilePath.parse(from), FilePath.parse(to), listener);
    }

    /**
     * Deletes a file or directory.
     *
     * @return its number in the trash, by which {@link #undelete} brings back just this; empty when it is gone for good
     */
    public OptionalLong delete(String path, boolean recursive, boolean skipTrash) throws CairnException {
        DeleteReply reply = names.delete(FilePath.parse(path), recursive, skipTrash);
        return reply.getTrashPath().isEmpty() ? OptionalLong.empty() : OptionalLong.of(reply.getTrashNumber());
    }

    /**
     * Brings back what was deleted, a directory with all that it held; it must be in the trash still, its directory must be
     * there and its name free.
     *
     * @return its full path
     */
    public String undelete(String path, UndeleteOptions options) throws CairnException {
        FilePath parsed = FilePath.parse(path);
        trees.undelete(parsed, options);
        return options.to().isEmpty()
                ? parsed.toString()
                : FilePath.parse(options.to()).toString();
    }

    /**
     * What was deleted of {@code path} and of paths below it, and is in the trash still: by path, the oldest first. Fetched in
     * pages, as {@link #list}.
     */
    public Iterable<TrashedEntry> listTrash(String path) throws CairnException {
        return trees.trash(FilePath.parse(path));
    }

    /**
     * Gives up, for good, what was deleted of {@code path} and of paths below it until now. In steps, each atomic; an error
     * leaves the rest. Space comes back within minutes.
     *
     * @param progress told after each step how much it was so far
     */
    public EmptiedTrash emptyTrash(String path, Consumer<EmptiedTrash> progress) throws CairnException {
        return trees.empty(FilePath.parse(path), progress);
    }

    /**
     * Sets how long what is deleted in this directory, itself included, stays in the trash; zero: it is gone at once. It holds
     * for all below that has no time of its own, and for what is deleted from now on.
     */
    public void setTrashTime(String directory, Duration time) throws CairnException {
        trees.setTrashMillis(FilePath.parse(directory), time.toMillis());
    }

    /** Takes back {@link #setTrashTime}: what holds for the directory above holds for this one. */
    public void inheritTrashTime(String directory) throws CairnException {
        trees.setTrashMillis(FilePath.parse(directory), -1);
    }

    /**
     * Limits what a directory may hold, at any depth. Looked at when files are made, chunks added and trees moved in, which is
     * then refused with QUOTA_EXCEEDED; what is there stays, and what is being written may go over by its open chunk.
     */
    public void setQuota(String directory, QuotaChange change) throws CairnException {
        trees.setQuota(FilePath.parse(directory), change);
    }

    /** What a directory holds, and what was laid down for it, above it and below it. */
    public DirectoryRules rules(String directory) throws CairnException {
        return trees.rules(FilePath.parse(directory));
    }

    /** Cuts a file, or extends it with zeros, to {@code length} bytes. */
    public void truncate(String path, long length) throws CairnException {
        try (CairnWriter writer = openForWrite(path)) {
            writer.truncate(length);
        }
    }

    /** Changes the attributes that {@code change} names. */
    public void setAttributes(String path, AttributeChange change) throws CairnException {
        names.setAttributes(FilePath.parse(path), change);
    }

    /** Sets the replication goal; of a directory: what new files in it inherit. Copies are made in the background. */
    public void setReplication(String path, int copies) throws CairnException {
        setAttributes(path, AttributeChange.NONE.withReplication(copies));
    }

    /** Sets the permission bits. */
    public void chmod(String path, int mode) throws CairnException {
        setAttributes(path, AttributeChange.NONE.withMode(mode));
    }

    /** Sets owner and group; an empty string leaves one as it is. */
    public void chown(String path, String owner, String group) throws CairnException {
        AttributeChange change = AttributeChange.NONE;
        change = owner.isEmpty() ? change : change.withOwner(owner);
        change = group.isEmpty() ? change : change.withGroup(group);
        setAttributes(path, change);
    }

    /** Sets the modification time to now, creating an empty file when there is nothing at {@code path}. */
    public void touch(String path) throws CairnException {
        FilePath parsed = FilePath.parse(path);
        AttributeChange now =
                AttributeChange.NONE.withModifiedMillis(core.world.time().wallMillis());
        try {
            names.setAttributes(parsed, now);
        } catch (CairnException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            names.create(parsed, CreateOptions.DEFAULTS, true);
        }
    }

    /** The chunks of a file and where their replicas are, as the master knows it now. */
    public List<ChunkInfo> locate(String path) throws CairnException {
        long file = names.fileAt(FilePath.parse(path)).getFileId();
        long deadline = core.deadline();
        List<ChunkInfo> chunks = new ArrayList<>();
        for (Located chunk : core.locations.all(file, deadline)) {
            chunks.add(Statuses.chunk(chunk, chunk.length() >= 0 ? chunk.length() : tailLength(file, chunk)));
        }
        return chunks;
    }

    /** The checksum of a whole file, made from those that the chunkservers keep: no data moves. */
    public FileChecksum checksum(String path) throws CairnException {
        return Checksums.of(core, names.fileAt(FilePath.parse(path)).getFileId(), core.deadline());
    }

    /** The health of the cell. */
    public CellReport report() throws CairnException {
        return Statuses.report(core.master.call(
                Method.REPORT, ReportRequest.getDefaultInstance(), ReportReply.parser(), core.deadline()));
    }

    /**
     * Has all replicas of a chunkserver moved to others, while it goes on serving; or, without {@code drain}, takes that back.
     * Returns when that is decided for good; {@link #report} shows how far it is, and what is in the way.
     */
    public void drain(ServerId server, boolean drain) throws CairnException {
        core.master.call(
                Method.DRAIN,
                DrainRequest.newBuilder()
                        .setId(core.master.nextId())
                        .setServerId(server.value())
                        .setDrain(drain)
                        .build(),
                Empty.parser(),
                core.deadline());
    }

    /**
     * Forgets a chunkserver that is gone for good. Should it come back nevertheless, it is known again.
     *
     * @param force even if it may hold the last replica of something
     * @throws CairnException CONFLICT while it may be alive, or may hold the last replica of something
     */
    public void forget(ServerId server, boolean force) throws CairnException {
        core.master.call(
                Method.FORGET,
                ForgetRequest.newBuilder()
                        .setId(core.master.nextId())
                        .setServerId(server.value())
                        .setForce(force)
                        .build(),
                Empty.parser(),
                core.deadline());
    }

    /** The limits of the cell that can be changed while it runs. */
    public List<CellLimit> limits() throws CairnException {
        return limits(LimitsRequest.getDefaultInstance());
    }

    /**
     * Sets limits by name, for good, and returns all of them; to 0: as they are built in. All are set, or none.
     *
     * @throws CairnException BAD_REQUEST when one is unknown, or cannot have that value
     */
    public List<CellLimit> setLimits(SortedMap<String, Long> values) throws CairnException {
        LimitsRequest.Builder request = LimitsRequest.newBuilder().setId(core.master.nextId());
        values.forEach((name, value) ->
                request.addChanges(LimitChange.newBuilder().setName(name).setValue(value)));
        return limits(request.build());
    }

    private List<CellLimit> limits(LimitsRequest request) throws CairnException {
        return Statuses.limits(core.master.call(Method.LIMITS, request, LimitsReply.parser(), core.deadline()));
    }

    /**
     * Has a chunkserver verify its replicas of these chunks against their checksums, now. Returns at once; what is found bad is
     * replaced by the cell itself.
     */
    public ScrubProgress scrub(ServerAddress server, List<ChunkHandle> chunks) throws CairnException {
        ScrubRequest.Builder request = ScrubRequest.newBuilder();
        chunks.forEach(chunk -> request.addHandles(chunk.value()));
        return scrub(server, request.build());
    }

    /** As the other one, for everything that the server holds. */
    public ScrubProgress scrubAll(ServerAddress server) throws CairnException {
        return scrub(server, ScrubRequest.newBuilder().setAll(true).build());
    }

    /** How far a chunkserver is; begins nothing. */
    public ScrubProgress scrubProgress(ServerAddress server) throws CairnException {
        return scrub(server, ScrubRequest.getDefaultInstance());
    }

    /** The same, and what was found bad after the first {@code number} that were. */
    public ScrubProgress damageAfter(ServerAddress server, long number) throws CairnException {
        return scrub(server, ScrubRequest.newBuilder().setDamageAfter(number).build());
    }

    /**
     * Judges chunks: those of all files at and below {@code path}; for the root everything that the cell holds, the trash included.
     * In pages, so that it costs neither the master nor the caller more when there are more; what changes meanwhile shows as it is
     * when its turn comes.
     *
     * @param all whether {@code listener} is told of healthy chunks, too
     */
    public CheckSummary check(String path, boolean all, CheckListener listener) throws CairnException {
        return new Inspection(core, names).check(FilePath.parse(path), all, listener);
    }

    /** Why the file or directory at {@code path} is as it is. */
    public Account explain(String path) throws CairnException {
        return new Inspection(core, names).explain(FilePath.parse(path));
    }

    /** Why a chunk is as it is, where its replicas are and why, what is done about it, what blocks that. */
    public Account explain(ChunkHandle chunk) throws CairnException {
        return new Inspection(core, names).explain(chunk);
    }

    /** What becomes of a chunkserver, and what would be lost without it. */
    public Account explain(ServerId server) throws CairnException {
        return new Inspection(core, names).explain(server);
    }

    private ScrubProgress scrub(ServerAddress server, ScrubRequest request) throws CairnException {
        ScrubReply reply = core.rpc.call(server, Method.SCRUB, request, ScrubReply.parser(), core.deadline());
        return new ScrubProgress(
                reply.getWaiting(),
                reply.getChecked(),
                reply.getCheckedBytes(),
                reply.getBad(),
                reply.getHeld(),
                reply.getRoundDone(),
                reply.getAsked(),
                reply.getAskedBytes(),
                reply.getDamageList().stream()
                        .map(found -> new ScrubProgress.Damage(
                                found.getNumber(), new ChunkHandle(found.getHandle()), found.getReason()))
                        .toList());
    }

    /** Closes all connections; what is open fails from now on. Idempotent. */
    @Override
    public void close() {
        core.close();
    }

    private Reading reading(String path) throws CairnException {
        FilePath parsed = FilePath.parse(path);
        return new Reading(core, core.locations.open(parsed, core.deadline()), parsed.toString());
    }

    /** Shown to people who debug: a primary that does not answer now is no reason to fail. */
    private long tailLength(long file, Located chunk) {
        try {
            return core.chunks
                    .committed(file, chunk.at(), core.now() + TAIL_PATIENCE_NANOS)
                    .getCommitted();
        } catch (CairnException e) {
            return 0;
        }
    }
}
