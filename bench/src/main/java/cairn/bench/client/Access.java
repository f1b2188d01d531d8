package cairn.bench.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What the workloads ask of a system. Thread-safe; files it opens are used by one thread each. Paths begin with a slash. */
public interface Access extends Closeable {

    /** A buffer of the kind that costs this system least to write from and to read into. */
    ByteBuffer allocate(int bytes);

    /**
     * Makes a file for writing from its start.
     *
     * @param synced once it is closed, it is on the replicas' disks, and not only in their memory
     */
    Sink create(String path, int replicas, boolean synced) throws IOException;

    /** Opens a file for reading. */
    Source open(String path) throws IOException;

    /** The same, whatever is read of it comes through the network: for systems that would read a file on this host. */
    default Source openThroughNetwork(String path) throws IOException {
        return open(path);
    }

    /**
     * Opens a file, made if missing, for records.
     *
     * @param producer a number for each producer; a system that allows one writer for each file gives each its own
     * @param synced records are on the replicas' disks before they are acknowledged
     */
    Records append(String path, int producer, boolean synced) throws IOException;

    /** Reads a file as it grows, from its start. */
    Source follow(String path) throws IOException;

    void stat(String path) throws IOException;

    void mkdir(String path) throws IOException;

    /** Makes an empty file. */
    void touch(String path) throws IOException;

    void rename(String from, String to) throws IOException;

    /** Deletes a file, or a directory with all in it, for good. */
    void delete(String path) throws IOException;

    /** A file being written. Closed: acknowledged by all replicas. */
    interface Sink extends Closeable {
        void write(ByteBuffer from) throws IOException;
    }

    /** A file being read; checksums are verified. */
    interface Source extends Closeable {
        /** The next bytes, at least 1; -1 at the end. */
        int read(ByteBuffer into) throws IOException;

        /** Fills {@code into} from {@code position} on. */
        void readFully(long position, ByteBuffer into) throws IOException;
    }

    /** Records being appended. */
    interface Records extends Closeable {
        /** Appends one and waits until all replicas have it. */
        void append(ByteBuffer record) throws IOException;

        /** Appends one that is acknowledged later; the buffer is free on return. */
        void appendLater(ByteBuffer record) throws IOException;

        /** Returns when all are acknowledged. */
        void flush() throws IOException;
    }
}
