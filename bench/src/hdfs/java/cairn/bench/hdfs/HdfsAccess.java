package cairn.bench.hdfs;

import cairn.bench.client.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;

/**
 * HDFS, through its own client: one for the whole process. Blocks are as long as Cairn's chunks; all else is as HDFS has it.
 * A file has one writer, so each producer appends to a file of its own.
 */
final class HdfsAccess implements Access {
    private static final int BLOCK_BYTES = 64 << 20;
    private static final short COPIES = 3;
    private static final int BUFFER_BYTES = 4096; // HDFS's own; its streams have buffers themselves
    private static final Duration START = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 50;

    private final DistributedFileSystem hdfs;

    HdfsAccess(String nameNode) throws IOException {
        Configuration settings = new HdfsConfiguration();
        settings.set("fs.defaultFS", "hdfs://" + nameNode);
        this.hdfs = (DistributedFileSystem) FileSystem.get(settings);
    }

    /** Returns when the name node knows so many live data nodes. */
    void awaitLive(int dataNodes) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (hdfs.getDataNodeStats(DatanodeReportType.LIVE).length < dataNodes) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the name node does not know its data nodes after " + START);
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
    }

    /** Its streams take and fill arrays. */
    @Override
    public ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    @Override
    public Sink create(String path, int replicas, boolean synced) throws IOException {
        FSDataOutputStream output = output(path, (short) replicas, synced);
        return new Sink() {
            @Override
            public void write(ByteBuffer from) throws IOException {
                put(from, output);
            }

            @Override
            public void close() throws IOException {
                output.close();
            }
        };
    }

    /** Without {@code SYNC_BLOCK} only the last block could be synced: a block that is full is closed at once. */
    private FSDataOutputStream output(String path, short replicas, boolean synced) throws IOException {
        EnumSet<CreateFlag> flags = EnumSet.of(CreateFlag.CREATE);
        if (synced) {
            flags.add(CreateFlag.SYNC_BLOCK);
        }
        return hdfs.create(
                new Path(path), FsPermission.getFileDefault(), flags, BUFFER_BYTES, replicas, BLOCK_BYTES, null);
    }

    private static void put(ByteBuffer from, FSDataOutputStream output) throws IOException {
        output.write(from.array(), from.arrayOffset() + from.position(), from.remaining());
        from.position(from.limit());
    }

    @Override
    public Source open(String path) throws IOException {
        FSDataInputStream input = hdfs.open(new Path(path));
        return new Source() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                int count = input.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
                into.position(into.position() + Math.max(count, 0));
                return count;
            }

            @Override
            public void readFully(long position, ByteBuffer into) throws IOException {
                input.readFully(position, into.array(), into.arrayOffset() + into.position(), into.remaining());
                into.position(into.limit());
            }

            @Override
            public void close() throws IOException {
                input.close();
            }
        };
    }

    @Override
    public Records append(String path, int producer, boolean synced) throws IOException {
        FSDataOutputStream output = output(path + "." + producer, COPIES, synced);
        return new Records() {
            @Override
            public void append(ByteBuffer record) throws IOException {
                put(record, output);
                flush();
            }

            @Override
            public void appendLater(ByteBuffer record) throws IOException {
                put(record, output);
            }

            @Override
            public void flush() throws IOException {
                if (synced) {
                    output.hsync();
                } else {
                    output.hflush();
                }
            }

            @Override
            public void close() throws IOException {
                output.close();
            }
        };
    }

    @Override
    public Source follow(String path) {
        throw new UnsupportedOperationException("HDFS has no followers");
    }

    @Override
    public void stat(String path) throws IOException {
        hdfs.getFileStatus(new Path(path));
    }

    @Override
    public void mkdir(String path) throws IOException {
        check(hdfs.mkdirs(new Path(path)), "mkdir " + path);
    }

    @Override
    public void touch(String path) throws IOException {
        output(path, COPIES, false).close();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        check(hdfs.rename(new Path(from), new Path(to)), "rename " + from + " to " + to);
    }

    @Override
    public void delete(String path) throws IOException {
        check(hdfs.delete(new Path(path), true), "delete " + path);
    }

    private static void check(boolean done, String what) throws IOException {
        if (!done) {
            throw new IOException("HDFS did not " + what);
        }
    }

    @Override
    public void close() throws IOException {
        hdfs.close();
    }
}
