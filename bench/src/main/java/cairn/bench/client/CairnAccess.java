package cairn.bench.client;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.CairnFollower;
import cairn.client.CairnInput;
import cairn.client.CairnOutput;
import cairn.client.ClientOptions;
import cairn.client.CreateOptions;
import cairn.model.ServerAddress;
import cairn.world.real.RealWorld;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Cairn, through its client library: one connection to the cell for the whole process. */
final class CairnAccess implements Access {
    private final Cairn cairn;

    /** Reads no files on this host. */
    private final Cairn network;

    CairnAccess(String master) throws IOException {
        ServerAddress address = ServerAddress.parse(master);
        this.cairn = Cairn.connect(address);
        this.network =
                Cairn.connect(List.of(address), ClientOptions.DEFAULTS.withShortCircuit(false), RealWorld.create());
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public Sink create(String path, int replicas, boolean synced) throws IOException {
        CairnOutput output = cairn.create(path, CreateOptions.DEFAULTS.withReplication(replicas));
        return new Sink() {
            @Override
            public void write(ByteBuffer from) throws IOException {
                while (from.hasRemaining()) {
                    output.write(from);
                }
            }

            @Override
            public void close() throws IOException {
                if (synced) {
                    output.sync();
                }
                output.close();
            }
        };
    }

    @Override
    public Source open(String path) throws IOException {
        return source(cairn.open(path), path);
    }

    @Override
    public Source openThroughNetwork(String path) throws IOException {
        return source(network.open(path), path);
    }

    private static Source source(CairnInput input, String path) {
        return new Source() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                return input.read(into);
            }

            @Override
            public void readFully(long position, ByteBuffer into) throws IOException {
                for (long at = position; into.hasRemaining(); ) {
                    int count = input.read(at, into);
                    if (count < 0) {
                        throw new EOFException(path + " ends at " + at);
                    }
                    at += count;
                }
            }

            @Override
            public void close() {
                input.close();
            }
        };
    }

    @Override
    public Records append(String path, int producer, boolean synced) throws IOException {
        CairnAppender appender = cairn.append(path, AppendOptions.DEFAULTS.withSynced(synced));
        return new Records() {
            @Override
            public void append(ByteBuffer record) throws IOException {
                appender.append(record);
            }

            @Override
            public void appendLater(ByteBuffer record) throws IOException {
                appender.appendAsync(record);
            }

            @Override
            public void flush() throws IOException {
                appender.flush();
            }

            @Override
            public void close() throws IOException {
                appender.close();
            }
        };
    }

    @Override
    public Source follow(String path) throws IOException {
        CairnFollower follower = cairn.follow(path, 0);
        return new Source() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                return follower.read(into);
            }

            @Override
            public void readFully(long position, ByteBuffer into) {
                throw new UnsupportedOperationException("a follower reads on");
            }

            @Override
            public void close() {
                follower.close();
            }
        };
    }

    @Override
    public void stat(String path) throws IOException {
        cairn.stat(path);
    }

    @Override
    public void mkdir(String path) throws IOException {
        cairn.mkdir(path, false);
    }

    @Override
    public void touch(String path) throws IOException {
        cairn.createEmpty(path, CreateOptions.DEFAULTS);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        cairn.rename(from, to, false);
    }

    @Override
    public void delete(String path) throws IOException {
        cairn.delete(path, true, true);
    }

    @Override
    public void close() {
        network.close();
        cairn.close();
    }
}
