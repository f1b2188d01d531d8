package cairn.bench.client;

import java.io.IOException;

/** Operations on names, a directory for each thread. */
final class NamesJob implements Job {
    private final Order order;
    private final Access access;
    private final long[] next;

    NamesJob(Order order, Access access) {
        this.order = order;
        this.access = access;
        this.next = new long[order.threads()];
    }

    @Override
    public void open() throws IOException {
        access.mkdir(Jobs.ROOT);
    }

    @Override
    public void ready(int run, int thread) throws IOException {
        next[thread] = 0;
        access.mkdir(directory(run, thread));
        access.touch(directory(run, thread) + "/0");
    }

    @Override
    public boolean step(int run, int thread, Meter meter) throws IOException {
        String directory = directory(run, thread);
        long start = System.nanoTime();
        long number = next[thread]++;
        switch (order.job()) {
            case STAT -> access.stat(directory + "/0");
            case MKDIR -> access.mkdir(directory + "/d" + number);
            case TOUCH -> access.touch(directory + "/f" + number);
            case RENAME -> access.rename(directory + "/" + number % 2, directory + "/" + (number + 1) % 2);
            default -> throw new IllegalStateException(order.job() + " is not about names");
        }
        meter.done(start, 0);
        return true;
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
}
