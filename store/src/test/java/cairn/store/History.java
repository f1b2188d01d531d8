package cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.chunk.Mutation;
import cairn.chunk.MutationEntry;
import cairn.chunk.ProducerTable;
import cairn.chunk.ReplicaState;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.Geometry;
import cairn.model.ServerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * A random but repeatable life of one replica beside a model that is only a byte array: everything it does is
 * recorded, so
 * that what is found after a crash can be judged.
 */
final class History {
    static final Geometry TINY = new Geometry(128, 8);
    static final ChunkHandle HANDLE = new ChunkHandle(0x1f);
    static final StoreOptions OPTIONS =
            StoreOptions.STANDARD.withReserve(0).withOpenFiles(2).withJournal(500, 900);

    /** The replica as it must be after a step. */
    @SuppressWarnings("ArrayRecordComponent")
    record State(
            byte[] bytes,
            long serial,
            ProducerTable table,
            long fence,
            long established,
            boolean sealed,
            boolean suspect) {}

    private final long seed;
    private final int steps;

    /** After each step that returned. */
    final List<State> states = new ArrayList<>();

    /** What the step under way would have made. */
    Optional<State> underWay = Optional.empty();

    /** The last state that must survive a power loss; -1 for none. */
    int durable = -1;

    long durableFence;
    boolean closed;

    History(long seed, int steps) {
        this.seed = seed;
        this.steps = steps;
    }

    /** Lives until the end or the crash. */
    void run(CrashDisk disk) throws IOException {
        try {
            ChunkStore store = ChunkStore.open(disk, OPTIONS);
            store.adopt(new StoreIdentity("cell", new ServerId(3), 4, TINY));
            Replica replica = store.create(HANDLE, new ChunkVersion(1));
            states.add(new State(new byte[0], 0, new ProducerTable(), 1, 1, false, false));
            for (int i = 0; i < steps; i++) {
                step(replica, new Random(seed * 1_000 + i));
                underWay = Optional.empty();
            }
            underWay = Optional.of(states.getLast());
            store.close();
            closed = true;
            durable = states.size() - 1;
        } catch (CrashDisk.Crashed e) {
            return;
        }
    }

    private void step(Replica replica, Random random) throws IOException {
        State now = states.getLast();
        if (now.suspect || now.sealed || now.established < now.fence) {
            mend(replica, random, now);
            return;
        }
        int dice = random.nextInt(20);
        if (dice < 15) {
            mutate(replica, random, now, dice);
        } else if (dice < 17) {
            perform(now, true, replica::sync);
        } else if (dice == 17) {
            State sealed = new State(now.bytes, now.serial, now.table, now.fence, now.established, true, false);
            perform(sealed, false, () -> replica.seal(new ChunkVersion(now.fence), now.bytes.length));
        } else if (dice == 18) {
            fence(replica, now);
        } else {
            repair(replica, random, now);
        }
    }

    private void mend(Replica replica, Random random, State now) throws IOException {
        int dice = random.nextInt(4);
        if ((now.sealed && now.established == now.fence) || dice == 0) {
            fence(replica, now);
        } else if (dice == 1) {
            repair(replica, random, now);
        } else {
            int length = now.bytes.length - (random.nextBoolean() ? 0 : random.nextInt(now.bytes.length + 1));
            ProducerTable table = now.table.copy();
            table.record(now.serial + 2, List.of(new MutationEntry(77, now.serial + 1, 0, 0, 1, 2)));
            State next = new State(
                    Arrays.copyOf(now.bytes, length), now.serial + 2, table, now.fence, now.fence, false, false);
            perform(next, true, () -> replica.establish(new ChunkVersion(now.fence), length, now.serial + 2, table));
        }
    }

    private void fence(Replica replica, State now) throws IOException {
        State next =
                new State(now.bytes, now.serial, now.table, now.fence + 1, now.established, now.sealed, now.suspect);
        perform(next, false, () -> replica.fence(new ChunkVersion(now.fence + 1)));
        durableFence = now.fence + 1;
    }

    private void repair(Replica replica, Random random, State now) throws IOException {
        if (random.nextInt(4) == 0) {
            int length = random.nextInt(now.bytes.length + 1);
            perform(suspect(now, Arrays.copyOf(now.bytes, length)), false, () -> replica.cut(length));
            return;
        }
        int block = random.nextInt(TINY.blocksFor(now.bytes.length) + 1);
        int offset = Math.min(block * 8, now.bytes.length / 8 * 8);
        int end = Math.min(128, offset + 8 * (1 + random.nextInt(3)));
        if (end >= now.bytes.length) {
            end = Math.max(now.bytes.length, end - random.nextInt(8));
        }
        byte[] payload = bytes(random, end - offset);
        State next = suspect(now, replaced(now.bytes, offset, payload));
        perform(next, false, () -> replica.repairBlocks(offset, direct(payload), sums(offset, payload)));
    }

    private static State suspect(State now, byte[] bytes) {
        return new State(bytes, now.serial, now.table, now.fence, 0, now.sealed, true);
    }

    private void mutate(Replica replica, Random random, State now, int dice) throws IOException {
        int length = now.bytes.length;
        int offset = length;
        byte[] payload = bytes(random, Math.min(128 - length, 1 + random.nextInt(30)));
        byte[] after = replaced(now.bytes, offset, payload);
        Mutation.Kind kind = Mutation.Kind.APPEND;
        if (dice >= 8 && dice < 12) {
            kind = Mutation.Kind.WRITE;
            offset = random.nextInt(Math.min(120, length + 20));
            payload = bytes(random, Math.min(128 - offset, 1 + random.nextInt(20)));
            after = replaced(now.bytes, offset, payload);
        } else if (dice == 12 || length > 110) {
            kind = Mutation.Kind.SET_LENGTH;
            offset = 0;
            payload = new byte[0];
            after = Arrays.copyOf(now.bytes, random.nextInt(Math.min(100, length + 20)));
        } else if (dice == 13) {
            kind = Mutation.Kind.SYNC;
            offset = 0;
            payload = new byte[0];
            after = now.bytes;
        }
        boolean synced = random.nextInt(6) == 0;
        long serial = now.serial + 1;
        List<MutationEntry> entries = entries(random, serial, offset, payload.length);
        Mutation mutation = new Mutation(
                serial, kind, offset, payload.length, after.length, entries, sums(offset, payload), synced);
        ProducerTable table = now.table.copy();
        table.record(serial, entries);
        State next = new State(after, serial, table, now.fence, now.established, false, false);
        ByteBuffer direct = direct(payload);
        perform(
                next,
                synced || kind == Mutation.Kind.SYNC,
                () -> replica.apply(new ChunkVersion(now.fence), mutation, direct));
        assertThat(direct.position()).isZero();
    }

    private static List<MutationEntry> entries(Random random, long serial, int offset, int length) {
        List<MutationEntry> entries = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            long producer = random.nextInt(4) - 1L;
            long sequence = serial * 4 - i;
            entries.add(new MutationEntry(
                    producer, sequence, 0, Math.max(0, sequence - random.nextInt(40)), offset, length));
        }
        return entries;
    }

    private interface Step {
        void run() throws IOException;
    }

    private void perform(State next, boolean isDurable, Step step) throws IOException {
        underWay = Optional.of(next);
        step.run();
        states.add(next);
        if (isDurable) {
            durable = states.size() - 1;
            durableFence = Math.max(durableFence, next.fence);
        }
    }

    /** After kill -9: the last state, or that of the step under way. */
    void judgeAfterKill(ChunkStore store, String where) throws IOException {
        assertThat(store.quarantined()).as(where).isEmpty();
        Optional<Replica> found = store.find(HANDLE);
        if (states.isEmpty()) {
            found.ifPresent(
                    replica -> assertThat(replica.state().length()).as(where).isZero());
            return;
        }
        State last = states.getLast();
        State next = underWay.orElse(last);
        assertThat(found).as(where).isPresent();
        ReplicaState state = found.get().state();
        assertThat(state.fence().value()).as(where).isIn(last.fence, next.fence);
        assertThat(state.established().value()).as(where).isIn(last.established, next.established);
        assertThat(state.suspect()).as(where).isIn(last.suspect, next.suspect);
        assertThat(state.sealed()).as(where).isIn(last.sealed, next.sealed);
        assertThat(indexOf(found.get(), where)).as(where).isGreaterThanOrEqualTo(states.size() - 1);
    }

    /** After a power loss: some state between the last durable one and that of the step under way. */
    void judgeAfterPowerLoss(ChunkStore store, String where) throws IOException {
        Optional<Replica> found = store.find(HANDLE);
        if (durable < 0) {
            found.ifPresent(
                    replica -> assertThat(replica.state().suspect() || states.isEmpty() || isSomeState(replica, where))
                            .as(where)
                            .isTrue());
            return;
        }
        assertThat(store.quarantined()).as(where).isEmpty();
        assertThat(found).as(where).isPresent();
        assertThat(found.get().state().fence().value()).as(where).isGreaterThanOrEqualTo(durableFence);
        assertThat(indexOf(found.get(), where)).as(where).isGreaterThanOrEqualTo(durable);
    }

    private boolean isSomeState(Replica replica, String where) {
        try {
            return indexOf(replica, where) >= 0;
        } catch (IOException e) {
            throw new AssertionError(where, e);
        }
    }

    /** The newest state that the replica equals in bytes, sums, serial and table. */
    private int indexOf(Replica replica, String where) throws IOException {
        byte[] bytes = readAll(replica);
        assertThat(replica.blockSums().toArray()).as(where).isEqualTo(sums(0, bytes));
        List<State> all = new ArrayList<>(states);
        underWay.ifPresent(all::add);
        for (int i = all.size() - 1; i >= 0; i--) {
            State state = all.get(i);
            if (Arrays.equals(state.bytes, bytes)
                    && state.serial == replica.state().serial()
                    && state.table.equals(replica.producers())) {
                return i;
            }
        }
        throw new AssertionError("%s: %s with bytes %s is none of the states there were; last %s"
                .formatted(where, replica.state(), Arrays.toString(bytes), all.getLast()));
    }

    static byte[] readAll(Replica replica) throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(200);
        ReadResult result = replica.read(0, 200, into);
        byte[] bytes = new byte[into.flip().remaining()];
        into.get(bytes);
        assertThat(result.length()).isEqualTo(bytes.length);
        assertThat(result.pieceSums()).isEqualTo(sums(0, bytes));
        return bytes;
    }

    static byte[] replaced(byte[] before, int offset, byte[] payload) {
        byte[] after =
                Arrays.copyOf(before, Math.max(before.length, payload.length == 0 ? 0 : offset + payload.length));
        System.arraycopy(payload, 0, after, payload.length == 0 ? 0 : offset, payload.length);
        return after;
    }

    static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** The sums of the pieces, counted the slow way. */
    static int[] sums(int offset, byte[] payload) {
        List<Integer> sums = new ArrayList<>();
        for (int at = 0; at < payload.length; ) {
            int bytes = Math.min(payload.length - at, 8 - (offset + at) % 8);
            CRC32C sum = new CRC32C();
            sum.update(payload, at, bytes);
            sums.add((int) sum.getValue());
            at += bytes;
        }
        return sums.stream().mapToInt(Integer::intValue).toArray();
    }
}
