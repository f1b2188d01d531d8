package cairn.attack.load;

import cairn.client.AppendOptions;
import cairn.client.AppendTimeoutException;
import cairn.client.Appended;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.model.CairnException;
import cairn.simulation.check.AppendRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A producer: {@code append EPOCH PRODUCER FIRST-NUMBER BATCH LENGTH,LENGTH,...}, answered with the first offset. */
final class AppendJob extends Job {

    private static final int RECORD_BYTES_MAX = 900;
    private static final int BATCH_MAX = 6;
    private static final int UNDER_WAY_MAX = 64;
    private static final long GIVE_MILLIS = 100;

    private int number;
    private int batches;

    AppendJob(JobPlan plan, Cairn cairn, History history) {
        super(plan, cairn, history);
    }

    @Override
    void work(long epoch, String path) throws IOException {
        number = 0;
        batches = 0;
        AppendOptions options =
                AppendOptions.DEFAULTS.withMakeParents(true).withSynced(plan.style() == JobPlan.Style.SYNCED);
        try (CairnAppender appender = cairn.append(path, options)) {
            if (plan.style() == JobPlan.Style.PIPELINED) {
                pipeline(epoch, appender);
            } else {
                while (!isOver(epoch)) {
                    pace.await();
                    append(epoch, appender);
                }
            }
        }
    }

    private void append(long epoch, CairnAppender appender) throws IOException {
        List<AppendRecord> records = next(plan.style() == JobPlan.Style.BATCH ? 1 + random.nextInt(BATCH_MAX) : 1);
        long call = call(epoch, records);
        List<ByteBuffer> bytes =
                records.stream().map(record -> ByteBuffer.wrap(record.bytes())).toList();
        try {
            history.ok(call, appender.appendBatch(bytes)[0]);
        } catch (AppendTimeoutException e) {
            failed(call, e); // the appender goes on with it
        } catch (CairnException e) {
            failed(call, e);
            throw e;
        }
    }

    private List<AppendRecord> next(int count) {
        int batch = count > 1 ? ++batches : 0;
        List<AppendRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(new AppendRecord(plan.number(), number++, anyLength(RECORD_BYTES_MAX), batch));
        }
        return records;
    }

    private long call(long epoch, List<AppendRecord> records) {
        List<String> lengths =
                records.stream().map(record -> Integer.toString(record.length)).toList();
        AppendRecord first = records.getFirst();
        return history.call("append", epoch, first.producer, first.number, first.batch, String.join(",", lengths));
    }

    // ------------------------------------------------------------------ several under way

    /** A record that is under way. */
    private record UnderWay(long call, Appended appended) {}

    private void pipeline(long epoch, CairnAppender appender) throws IOException {
        BlockingQueue<Optional<UnderWay>> queue = new ArrayBlockingQueue<>(UNDER_WAY_MAX);
        List<IOException> problems = new ArrayList<>();
        Thread waiter = Thread.ofPlatform().start(() -> awaitAnswers(queue, problems));
        try {
            while (!isOver(epoch) && waiter.isAlive()) {
                pace.await();
                List<AppendRecord> one = next(1);
                long call = call(epoch, one);
                Appended appended =
                        appender.appendAsync(ByteBuffer.wrap(one.getFirst().bytes()));
                give(queue, Optional.of(new UnderWay(call, appended)), waiter);
            }
            give(queue, Optional.empty(), waiter);
            waiter.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (!problems.isEmpty()) {
            throw problems.getFirst();
        }
    }

    private static void give(BlockingQueue<Optional<UnderWay>> queue, Optional<UnderWay> next, Thread waiter)
            throws InterruptedException {
        boolean given = false;
        while (!given && waiter.isAlive()) {
            given = queue.offer(next, GIVE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Until the queue says that there will be no more. */
    private void awaitAnswers(BlockingQueue<Optional<UnderWay>> queue, List<IOException> problems) {
        try {
            Optional<UnderWay> next = queue.take();
            while (next.isPresent()) {
                awaitAnswer(next.get());
                next = queue.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            problems.add(e);
        }
    }

    private void awaitAnswer(UnderWay next) throws IOException {
        boolean answered = false;
        while (!answered) {
            try {
                history.ok(next.call, next.appended.offset());
                answered = true;
            } catch (AppendTimeoutException e) {
                failed(next.call, e);
            } catch (CairnException e) {
                failed(next.call, e);
                throw e;
            }
        }
    }
}
