package cairn.bench.client;

import java.io.IOException;

/** Each thread writes a file of its own. */
final class WriteJob implements Job {
    private final Order order;
    private final Access access;

    WriteJob(Order order, Access access) {
        this.order = order;
        this.access = access;
    }

    @Override
    public void open() throws IOException {
        access.mkdir(Jobs.ROOT);
    }

    @Override
    public boolean step(int run, int thread, Meter meter) throws IOException {
        long start = System.nanoTime();
        Jobs.fill(access, path(run, thread), order.bytes(), order);
        meter.done(start, order.bytes());
        return false;
    }

    @Override
    public void tidy(int run) throws IOException {
        for (int thread = 0; thread < order.threads(); thread++) {
            access.delete(path(run, thread));
        }
    }

    @Override
    public void close() throws IOException {
        access.delete(Jobs.ROOT);
    }

    private static String path(int run, int thread) {
        return Jobs.ROOT + "/" + run + "." + thread;
    }
}
