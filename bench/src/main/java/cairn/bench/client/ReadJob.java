package cairn.bench.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** Each thread reads its file from start to end, or units at random places of the one file that all read. */
final class ReadJob implements Job {
    private final Order order;
    private final Access access;
    private final Access.Source[] sources;
    private final ByteBuffer[] buffers;
    private final Random[] places;

    ReadJob(Order order, Access access) {
        this.order = order;
        this.access = access;
        this.sources = new Access.Source[order.threads()];
        this.buffers = new ByteBuffer[order.threads()];
        this.places = new Random[order.threads()];
    }

    @Override
    public void open() throws IOException {
        access.mkdir(Jobs.ROOT);
        for (int file = 0; file < (positioned() ? 1 : order.threads()); file++) {
            Jobs.fill(access, path(file), order.bytes(), order);
        }
    }

    @Override
    public void ready(int run, int thread) throws IOException {
        buffers[thread] = access.allocate(positioned() ? order.unit() : Jobs.BUFFER_BYTES);
        places[thread] = new Random(thread);
        if (positioned()) {
            sources[thread] = source(0);
        }
    }

    @Override
    public boolean step(int run, int thread, Meter meter) throws IOException {
        long start = System.nanoTime();
        if (positioned()) {
            long position = places[thread].nextLong(order.bytes() / order.unit()) * order.unit();
            sources[thread].readFully(position, buffers[thread].clear());
            meter.done(start, order.unit());
            return true;
        }
        long read = 0;
        try (Access.Source source = source(thread)) {
            for (int count; (count = source.read(buffers[thread].clear())) >= 0; ) {
                read += count;
            }
        }
        if (read != order.bytes()) {
            throw new IOException("read %d bytes of %d".formatted(read, order.bytes()));
        }
        meter.done(start, read);
        return false;
    }

    @Override
    public void tidy(int run) throws IOException {
        if (positioned()) {
            for (Access.Source source : sources) {
                source.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        access.delete(Jobs.ROOT);
    }

    private boolean positioned() {
        return order.job() == JobKind.PREAD || order.job() == JobKind.PREAD_NET;
    }

    private Access.Source source(int file) throws IOException {
        boolean network = order.job() == JobKind.READ_NET || order.job() == JobKind.PREAD_NET;
        return network ? access.openThroughNetwork(path(file)) : access.open(path(file));
    }

    private static String path(int file) {
        return Jobs.ROOT + "/read." + file;
    }
}
