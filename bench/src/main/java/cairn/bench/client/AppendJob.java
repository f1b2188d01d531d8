package cairn.bench.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/** All threads append to one file. */
final class AppendJob implements Job {
    private final Order order;
    private final Access access;
    private final Access.Records[] producers;
    private final ByteBuffer[] records;

    AppendJob(Order order, Access access) {
        this.order = order;
        this.access = access;
        this.producers = new Access.Records[order.threads()];
        this.records = new ByteBuffer[order.threads()];
    }

    @Override
    public void open() throws IOException {
        access.mkdir(Jobs.ROOT);
    }

    @Override
    public void ready(int run, int thread) throws IOException {
        records[thread] = Jobs.random(access, order.unit());
        producers[thread] = access.append(path(run), thread, order.synced());
    }

    @Override
    public boolean step(int run, int thread, Meter meter) throws IOException {
        ByteBuffer record = records[thread].duplicate();
        long start = System.nanoTime();
        if (order.job() == JobKind.APPEND_PIPELINED) {
            producers[thread].appendLater(record);
        } else {
            producers[thread].append(record);
        }
        meter.done(start, order.unit());
        return true;
    }

    @Override
    public void finish(int run, int thread) throws IOException {
        producers[thread].flush();
    }

    @Override
    public void tidy(int run) throws IOException {
        for (Access.Records producer : producers) {
            producer.close();
        }
        access.delete(Jobs.ROOT);
        access.mkdir(Jobs.ROOT);
    }

    @Override
    public void close() throws IOException {
        access.delete(Jobs.ROOT);
    }

    private static String path(int run) {
        return Jobs.ROOT + "/append." + run;
    }
}
