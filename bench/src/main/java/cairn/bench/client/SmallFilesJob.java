package cairn.bench.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Files of one unit, a directory for each thread: made, read or deleted. */
final class SmallFilesJob implements Job {
    private final Order order;
    private final Access access;
    private final long[] next;
    private final ByteBuffer[] buffers;

    SmallFilesJob(Order order, Access access) {
        this.order = order;
        this.access = access;
        this.next = new long[order.threads()];
        this.buffers = new ByteBuffer[order.threads()];
    }

    @Override
    public void open() throws IOException {
        access.mkdir(Jobs.ROOT);
    }

    @Override
    public void ready(int run, int thread) throws IOException {
        next[thread] = 0;
        buffers[thread] = Jobs.random(access, order.unit());
        access.mkdir(directory(run, thread));
        if (order.job() != JobKind.SMALL_CREATE) {
            for (int i = 0; i < order.files(); i++) {
                make(run, thread, i);
            }
        }
    }

    @Override
    public boolean step(int run, int thread, Meter meter) throws IOException {
        long start = System.nanoTime();
        long number = next[thread]++;
        switch (order.job()) {
            case SMALL_CREATE -> make(run, thread, number);
            case SMALL_READ -> read(run, thread, number % order.files());
            default -> access.delete(path(run, thread, number));
        }
        meter.done(start, order.unit());
        return order.job() != JobKind.SMALL_DELETE || next[thread] < order.files();
    }

    private void make(int run, int thread, long number) throws IOException {
        try (Access.Sink sink = access.create(path(run, thread, number), order.replicas(), order.synced())) {
            sink.write(buffers[thread].duplicate());
        }
    }

    private void read(int run, int thread, long number) throws IOException {
        ByteBuffer into = buffers[thread].clear();
        try (Access.Source source = access.open(path(run, thread, number))) {
            while (into.hasRemaining()) {
                if (source.read(into) < 0) {
                    throw new IOException("a small file is too short");
                }
            }
        }
    }

    @Override
    public void tidy(int run) throws IOException {
        for (int thread = 0; thread < order.threads(); thread++) {
            access.delete(directory(run, thread));
        }
    }

    @Override
    public void close() throws IOException {
        access.delete(Jobs.ROOT);
    }

    private static String directory(int run, int thread) {
        return Jobs.ROOT + "/" + run + "." + thread;
    }

    private static String path(int run, int thread, long number) {
        return directory(run, thread) + "/" + number;
    }
}
