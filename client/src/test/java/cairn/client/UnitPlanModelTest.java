package cairn.client;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.rpc.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The plan of one appender against a file in a few lines that keeps the rules of chunkservers (docs/decisions/0001), while
 * others seal, open and add chunks, versions end and answers are lost, at every moment: thousands of courses.
 */
final class UnitPlanModelTest {
    private static final int COURSES = 20_000;
    private static final int UNITS = 12;
    private static final int CHUNK_UNITS = 6;

    /** Far more rounds than any course takes when nothing goes wrong any more. */
    private static final int ROUNDS_TO_THE_END = 500;

    /** A mutation that is applied. */
    private static final @Nullable ErrorCode GOOD = null;

    private static final class Chunk {
        int version = 1;
        boolean sealed;
        int committed;
        final List<Long> applied = new ArrayList<>();
        final TreeSet<Long> answers = new TreeSet<>();

        long last() {
            return applied.isEmpty() ? 0 : applied.get(applied.size() - 1);
        }

        void open() {
            sealed = false;
            version++;
        }

        /** Whoever leads now never had what was not committed. */
        void loseUncommitted() {
            while (applied.size() > committed) {
                answers.remove(applied.remove(applied.size() - 1));
            }
        }
    }

    private record Request(Unit unit, int epoch, Chunk to, int version, long previous, long acknowledged) {}

    private record Reply(Request to, @Nullable ErrorCode code) {}

    /** One course. */
    private static final class Course {
        private final Random random;
        private final UnitPlan plan = new UnitPlan(1 << 20);
        private final List<Chunk> file = new ArrayList<>();
        private final ArrayDeque<Request> requests = new ArrayDeque<>();

        /** Applied, and not yet committed. */
        private final List<Reply> pending = new ArrayList<>();

        private final List<Reply> replies = new ArrayList<>();
        private Chunk place = new Chunk();
        private int version;
        private int made;

        Course(long seed) {
            random = new Random(seed);
            file.add(place);
        }

        private boolean chance(int oneIn) {
            return random.nextInt(oneIn) == 0;
        }

        private Chunk end() {
            return file.get(file.size() - 1);
        }

        void run() {
            while (made < UNITS) {
                disturbed();
            }
            for (int i = 0; i < 20; i++) {
                disturbed();
            }
            for (int i = 0; i < ROUNDS_TO_THE_END && !plan.isEmpty(); i++) {
                find();
                send();
                serveAll();
                file.forEach(this::commit);
                takeAll();
                if (plan.oldestSentNanos() != Long.MAX_VALUE) {
                    lose(); // the answer got lost earlier: the time for it is over
                }
            }
        }

        private void disturbed() {
            switch (random.nextInt(10)) {
                case 0 -> add();
                case 1, 2 -> find();
                case 3, 4 -> send();
                case 5 -> serve(chance(4));
                case 6 -> serveAll();
                case 7 -> commit(file.get(random.nextInt(file.size())));
                case 8 -> take();
                default -> disturb();
            }
        }

        /** Others, and failures. */
        private void disturb() {
            Chunk any = file.get(random.nextInt(file.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> seal(end());
                case 2 -> {
                    seal(any);
                    any.open();
                }
                case 3 -> fail(any);
                case 4 -> grow();
                default -> { // the connection breaks before the requests under way arrive, or after some did
                    while (!requests.isEmpty() && !chance(3)) {
                        serve(false);
                    }
                    requests.clear();
                    pending.clear();
                    replies.clear();
                    lose();
                }
            }
        }

        private void lose() {
            plan.lost(plan.epoch(), new CairnException(ErrorCode.UNREACHABLE, "broken"));
        }

        /** Another version of an open chunk, perhaps led by somebody who has less. */
        private void fail(Chunk chunk) {
            if (chunk.sealed) {
                return;
            }
            chunk.version++;
            for (Reply each : List.copyOf(pending)) {
                if (each.to().to() == chunk) {
                    pending.remove(each);
                    replies.add(new Reply(each.to(), ErrorCode.NOT_SERVING));
                }
            }
            if (chance(2)) {
                chunk.loseUncommitted();
            }
            chunk.committed = chunk.applied.size();
        }

        private void seal(Chunk chunk) {
            commit(chunk);
            chunk.sealed = true;
        }

        private void commit(Chunk chunk) {
            chunk.committed = chunk.applied.size();
            for (Reply each : List.copyOf(pending)) {
                if (each.to().to() == chunk) {
                    pending.remove(each);
                    replies.add(each);
                }
            }
        }

        private void grow() {
            if (end().sealed) {
                file.add(new Chunk());
            }
        }

        private void add() {
            if (made < UNITS) {
                made++;
                plan.add(Unit.append(Payload.of(ByteBuffer.allocate(1)), 0, false));
            }
        }

        /** As AppendPlacement does: the old chunk first, and that is opened for appends only while it is the last. */
        private void find() {
            plan.takePause();
            if (!plan.needsPlace()) {
                return;
            }
            if (plan.unsure()) {
                if (place != end()) {
                    seal(place);
                }
            } else if (end().sealed && (end().applied.size() >= CHUNK_UNITS || chance(2))) {
                grow();
                place = end();
            } else {
                place = end();
                if (place.sealed) {
                    place.open();
                }
            }
            version = place.version;
            plan.placed(place.sealed);
        }

        private void send() {
            for (Unit unit = plan.next(0); unit != null; unit = plan.next(0)) {
                requests.add(new Request(unit, plan.epoch(), place, version, unit.previous, plan.acknowledged()));
            }
        }

        private void serveAll() {
            while (!requests.isEmpty()) {
                serve(false);
            }
        }

        private void serve(boolean busy) {
            Request request = requests.pollFirst();
            if (request != null) {
                @Nullable ErrorCode code = busy ? ErrorCode.BUSY : outcome(request);
                (code == GOOD ? pending : replies).add(new Reply(request, code));
            }
        }

        private @Nullable ErrorCode outcome(Request request) {
            Chunk chunk = request.to();
            long sequence = request.unit().sequence;
            if (request.version() != chunk.version) {
                return ErrorCode.STALE_VERSION;
            }
            if (sequence <= chunk.last()) {
                return chunk.answers.contains(sequence) ? GOOD : ErrorCode.OUT_OF_ORDER;
            }
            if (!chunk.sealed && request.previous() != 0 && request.previous() != chunk.last()) {
                return ErrorCode.OUT_OF_ORDER;
            }
            if (!chunk.sealed && chunk.applied.size() >= CHUNK_UNITS) {
                seal(chunk);
            }
            if (chunk.sealed) {
                return ErrorCode.SEALED;
            }
            chunk.applied.add(sequence);
            chunk.answers.add(sequence);
            chunk.answers.headSet(request.acknowledged(), true).clear();
            return GOOD;
        }

        private void takeAll() {
            while (!replies.isEmpty()) {
                take();
            }
        }

        /** A refusal may overtake what waits for members. */
        private void take() {
            if (replies.isEmpty()) {
                return;
            }
            Reply reply = replies.remove(random.nextInt(replies.size()));
            Request to = reply.to();
            if (reply.code() == GOOD) {
                plan.answered(to.epoch(), to.unit(), 0);
            } else {
                plan.refused(to.epoch(), to.unit(), new CairnException(reply.code(), "by the model"));
            }
        }
    }

    @Test
    void whatever_others_do_every_unit_stands_once_and_in_order_at_last_and_none_is_forgotten() {
        for (long seed = 0; seed < COURSES; seed++) {
            Course course = new Course(seed);
            course.run();
            assertThat(course.plan.isEmpty())
                    .as("course %d ends, but is %s: %s", seed, course.plan.phase(), course.plan.problem())
                    .isTrue();
            assertThat(course.file.stream().flatMap(chunk -> chunk.applied.stream()))
                    .as("course %d", seed)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, UNITS).boxed().toList());
        }
    }
}
