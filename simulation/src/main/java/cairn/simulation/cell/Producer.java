package cairn.simulation.cell;

import cairn.client.Appended;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.SimNode;
import cairn.simulation.SimRandom;
import cairn.simulation.check.AppendRecord;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One host that appends: one by one, in batches, and without waiting. Its process may be killed; the next one is a new producer. */
final class Producer {

    private static final int BATCH_MAX = 5;
    private static final int UNDER_WAY_MAX = 40;
    private static final int TRIES = 50;

    private final AppendWorkload workload;
    private final String name;
    private final SimRandom random;
    private int left;
    private int lives;
    private int batches;
    private boolean ended;

    /** A record that was taken and not yet acknowledged. */
    private record Taken(AppendRecord record, Appended answer) {}

    Producer(AppendWorkload workload, String name) {
        this.workload = workload;
        this.name = name;
        this.random = workload.random(name);
        this.left = workload.records();
    }

    void start() {
        lives++;
        workload.clients().start(name, this::run);
    }

    void killAndReplace() {
        SimNode node = workload.simulation().node(name);
        if (!ended && node.isRunning() && workload.takesProducers()) {
            node.crash();
            workload.clients().killed();
            start();
        }
    }

    private void run(Cairn cairn, World world) throws IOException {
        int life = lives;
        while (left > 0 && !workload.isStopped() && workload.takesProducers()) {
            CairnAppender appender = open(cairn, world);
            if (appender != null) {
                append(appender, world);
            }
        }
        if (life == lives) {
            ended = true;
            workload.producerEnded();
        }
    }

    private @Nullable CairnAppender open(Cairn cairn, World world) throws IOException {
        try {
            return cairn.append(workload.path(), workload.options());
        } catch (CairnException e) {
            Violation.unless(workload.plan().mayFail(e.code()), "%s cannot append: %s", name, e);
            world.time().sleep(workload.pauseNanos());
            return null;
        }
    }

    /** Appends until all is done, or the appender has failed for good. */
    private void append(CairnAppender appender, World world) throws IOException {
        List<AppendRecord> mine = workload.newProducer();
        int producer = workload.lastProducer();
        workload.simulation().tell(name, "is producer " + producer);
        Deque<Taken> underWay = new ArrayDeque<>();
        try {
            while (left > 0 && !workload.isStopped()) {
                left--;
                int kind = random.below(10);
                if (kind < 3) {
                    appendOne(appender, producer, mine);
                } else if (kind < 5) {
                    appendBatch(appender, producer, mine);
                } else {
                    AppendRecord record = next(producer, mine, 0);
                    underWay.addLast(new Taken(record, appender.appendAsync(ByteBuffer.wrap(record.bytes()))));
                    collect(underWay, random.below(UNDER_WAY_MAX));
                }
                if (random.chance(0.3)) {
                    world.time().sleep(random.exponential(workload.pauseNanos()));
                }
            }
            finish(appender);
            collect(underWay, 0);
        } catch (CairnException e) {
            workload.simulation().tell(name, "gives its appender up: " + e);
            Violation.unless(
                    workload.plan().mayFail(e.code()) || e.code() == ErrorCode.CONFLICT,
                    "%s cannot append: %s",
                    name,
                    e);
            note(underWay);
        }
        try {
            appender.close();
            note(underWay);
        } catch (CairnException e) {
            note(underWay);
        }
    }

    /** Time-outs are no end: the appender goes on with what it has. */
    private void finish(CairnAppender appender) throws IOException {
        for (int i = 0; ; i++) {
            try {
                appender.flush();
                return;
            } catch (CairnException e) {
                if (e.code() != ErrorCode.UNREACHABLE || i == TRIES || workload.isStopped()) {
                    throw e;
                }
            }
        }
    }

    private void appendOne(CairnAppender appender, int producer, List<AppendRecord> mine) throws IOException {
        AppendRecord record = next(producer, mine, 0);
        workload.acknowledged(record, appender.append(ByteBuffer.wrap(record.bytes())));
    }

    private void appendBatch(CairnAppender appender, int producer, List<AppendRecord> mine) throws IOException {
        batches++;
        int count = 1 + random.below(BATCH_MAX);
        List<AppendRecord> batch = new ArrayList<>();
        List<ByteBuffer> bytes = new ArrayList<>();
        int total = 0;
        for (int i = 0; i < count; i++) {
            int length = Math.min(randomLength(), appender.recordBytesMax() - total);
            if (length <= AppendRecord.HEAD_BYTES && i > 0) {
                break;
            }
            AppendRecord record = new AppendRecord(producer, mine.size(), length, batches);
            record.invokedAt = workload.now();
            mine.add(record);
            batch.add(record);
            bytes.add(ByteBuffer.wrap(record.bytes()));
            total += record.length;
        }
        long[] offsets = appender.appendBatch(bytes);
        for (int i = 0; i < batch.size(); i++) {
            workload.acknowledged(batch.get(i), offsets[i]);
        }
    }

    private AppendRecord next(int producer, List<AppendRecord> mine, int batch) {
        AppendRecord record = new AppendRecord(producer, mine.size(), randomLength(), batch);
        record.invokedAt = workload.now();
        mine.add(record);
        return record;
    }

    /** Of every order of magnitude, so mostly small. */
    private int randomLength() {
        int bits = random.below(Integer.SIZE - Integer.numberOfLeadingZeros(workload.lengthMax()));
        return (int) Math.min(workload.lengthMax(), random.between(1L << bits, (2L << bits) - 1));
    }

    private void collect(Deque<Taken> underWay, int most) throws IOException {
        while (underWay.size() > most) {
            Taken first = underWay.getFirst();
            workload.acknowledged(first.record, first.answer.offset());
            underWay.removeFirst();
        }
    }

    /** What was acknowledged although the appender failed counts. */
    private void note(Deque<Taken> underWay) {
        for (Taken taken : underWay) {
            if (taken.answer.isDone() && !taken.record.isAcknowledged()) {
                try {
                    workload.acknowledged(taken.record, taken.answer.offset());
                } catch (IOException e) {
                    // it failed: nobody knows
                }
            }
        }
    }
}
