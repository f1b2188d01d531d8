package cairn.world;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A directory of a local file system. Names are relative, with {@code /} between components. Thread-safe. Every
 * exception's message names the file. After a power loss, only what was synced is certain: bytes by {@link
 * DiskFile#sync}, names (create, rename, delete) by {@link #syncDirectory}.
 */
public interface Disk {

    /** Opens an existing file for reading and writing; {@code NoSuchFileException} when there is none. */
    DiskFile open(String name) throws IOException;

    /** Creates a new, empty file; {@code FileAlreadyExistsException} when there is one. */
    DiskFile create(String name) throws IOException;

    boolean exists(String name) throws IOException;

    /** Names in {@code directory} ("" is the top), sorted; empty when it does not exist. */
    List<String> list(String directory) throws IOException;

    /** Atomic; replaces {@code to}. */
    void rename(String from, String to) throws IOException;

    /**
     * Makes a new file with the bytes of another; where the file system can, both share them on the disk until one is changed.
     * What a failure leaves of it, the caller deletes.
     */
    default void copy(String from, String to) throws IOException {
        DiskFile source = open(from);
        try {
            DiskFile target = create(to);
            try {
                source.copyTo(target, ByteBuffer.allocate(1 << 16));
            } finally {
                target.close();
            }
        } finally {
            source.close();
        }
    }

    /** Deletes a file; nothing happens when it does not exist. */
    void delete(String name) throws IOException;

    void makeDirectories(String name) throws IOException;

    void syncDirectory(String name) throws IOException;

    /** Bytes an unprivileged process may still write. */
    long usableBytes() throws IOException;

    long totalBytes() throws IOException;

    /** Names the file system among those of all hosts: directories on the same one share its space. Empty when nobody can tell. */
    default String fileSystem() {
        return "";
    }

    /** Takes an exclusive lock on {@code name} for this process until closed; throws when another process has it. */
    Closeable lock(String name) throws IOException;

    /**
     * Names the host's present run since it was switched on. When it is another one than before, bytes and names that
     * were not synced may be gone; while it is the same, nothing written is lost. Empty when nobody can tell.
     */
    String bootId();

    /**
     * Makes {@code count} words, all 0, in a file of that name that processes of this host may look into ({@link
     * Disks#words}), where this one can; an older file of the name is replaced.
     */
    default SharedWords share(String name, int count) throws IOException {
        throw new IOException(describe(name) + ": no memory is shared here");
    }

    /** The full path: for messages, and for others on this host who may {@link Disks#look look}. */
    String describe(String name);
}
