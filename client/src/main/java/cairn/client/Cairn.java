package cairn.client;

import cairn.model.CairnException;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.world.World;
import java.util.List;
import java.util.Optional;

/**
 * A connection to a cell: start here. Thread-safe; one for a whole process is right. Metadata comes from the master,
 * file data moves directly between this process and the chunkservers (GFS 2.3, 2.4).
 *
 * <p>Paths are absolute. Operations on names are atomic, durable on return, and carried out once however often they
 * are retried. Every call ends within {@link ClientOptions#operationTimeout}: with an answer, or with a {@link
 * CairnException} whose code says what happened (UNREACHABLE: the change may or may not have been made).
 */
public final class Cairn implements AutoCloseable {

    Cairn() {}

    /**
     * Connects to a cell through the real network, with {@link ClientOptions#DEFAULTS}.
     *
     * @throws CairnException UNREACHABLE when the master does not answer, at once when nobody listens there
     */
    public static Cairn connect(ServerAddress master) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Connects to a cell of which {@code masters} are the masters, in the world given. */
    public static Cairn connect(List<ServerAddress> masters, ClientOptions options, World world)
            throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** The sizes the cell was built with. */
    public Geometry geometry() {
        throw new UnsupportedOperationException();
    }

    /** What {@code path} is now; the length is exact (the primary of an open last chunk is asked). */
    public FileInfo stat(String path) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Whether there is a file or directory at {@code path}. */
    public boolean exists(String path) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /**
     * The entries of a directory, in the order of their names' UTF-8 bytes; a file lists as itself. Fetched in pages
     * while it is iterated, so what changes meanwhile may or may not show; the iterator throws {@link
     * java.io.UncheckedIOException} around a {@link CairnException}.
     */
    public Iterable<FileInfo> list(String path) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Makes a directory with mode 0755. With {@code parents}, missing parents too, and an existing one is no error. */
    public void mkdir(String path, boolean parents) throws CairnException {
        mkdir(path, parents, 0755);
    }

    /** Makes a directory with the permission bits {@code mode}. */
    public void mkdir(String path, boolean parents, int mode) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Makes a file and opens it for writing from its start. The file exists, empty, on return. */
    public CairnOutput create(String path, CreateOptions options) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Opens a file for record appends. */
    public CairnAppender append(String path, AppendOptions options) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Opens a file for reading. The input stays with this file when the path is renamed or replaced. */
    public CairnInput open(String path) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Opens an existing file for writing at given offsets. */
    public CairnWriter openForWrite(String path) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Reads a file from {@code fromOffset} on, waiting at its end for more. */
    public CairnFollower follow(String path, long fromOffset) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Renames a file or directory, atomically, at constant cost. {@code to} is the full new path. */
    public void rename(String from, String to, boolean overwrite) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /**
     * Deletes a file or directory.
     *
     * @return where it lies in the trash until it expires; empty when it is gone for good
     */
    public Optional<String> delete(String path, boolean recursive, boolean skipTrash) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Cuts a file, or extends it with zeros, to {@code length} bytes. */
    public void truncate(String path, long length) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Changes the attributes that {@code change} names. */
    public void setAttributes(String path, AttributeChange change) throws CairnException {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /** The chunks of a file and where their replicas are, as the master knows it now. */
    public List<ChunkInfo> locate(String path) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** The checksum of a whole file, made from those that the chunkservers keep: no data moves. */
    public FileChecksum checksum(String path) throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** The health of the cell. */
    public CellReport report() throws CairnException {
        throw new UnsupportedOperationException();
    }

    /** Closes all connections; what is open fails from now on. Idempotent. */
    @Override
    public void close() {}
}
