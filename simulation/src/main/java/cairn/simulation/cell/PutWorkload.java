package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.CairnOutput;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that put whole files and read whole files, as copying tools do: outputs that send ahead, streams that read ahead.
 * Now and then somebody truncates or deletes a file under its writer and readers. Every byte of a file is known from its
 * place, so each read is judged at once: a prefix of what was written, and all of it when the output was closed and nobody
 * disturbed the file (P2, P7). Only of a file that was cut under its writer nothing is known.
 */
final class PutWorkload implements Workload {

    private static final int WRITERS_MAX = 3;
    private static final int READERS_MAX = 3;
    private static final int STEPS_MAX = 20;
    private static final int BYTES_MAX = 300 << 10;
    private static final double DISTURB_SHARE = 0.3;

    private final Simulation simulation;
    private final Clients clients;
    private final CellPlan plan;
    private final SimRandom random;
    private final List<Put> puts = new ArrayList<>();
    private final int writers;
    private final int readers;
    private final int steps;
    private final long pauseNanos;
    private boolean stopped;
    private int ended;
    private int readWhole;

    /** A file that somebody puts. */
    private static final class Put {
        final String path;
        final int number;
        int length;
        boolean created;
        boolean closed;
        boolean disturbed;

        /** Somebody cut it under its writer: what the writer sent behind the cut may stand anywhere. */
        boolean mixed;

        Put(String path, int number) {
            this.path = path;
            this.number = number;
        }

        /** Never 0, which is what a truncation may fill in. */
        byte at(long position) {
            return (byte) (1 + Math.floorMod(position * 31 + position / 251 + number * 17L, 255));
        }
    }

    PutWorkload(Simulation simulation, Clients clients, CellPlan plan) {
        this.simulation = simulation;
        this.clients = clients;
        this.plan = plan;
        this.random = new SimRandom(simulation.seed()).stream("puts");
        this.writers = clients.limited(Limit.CLIENTS, random.between(1, WRITERS_MAX));
        this.readers = clients.limited(Limit.READERS, random.between(0, READERS_MAX));
        this.steps = clients.limited(Limit.STEPS, random.between(2, STEPS_MAX));
        this.pauseNanos = plan.storm().toNanos() / steps / 2;
    }

    @Override
    public void start() {
        for (int i = 0; i < writers; i++) {
            String name = "put-writer" + i;
            clients.start(name, (cairn, world) -> write(cairn, world, name));
        }
        for (int i = 0; i < readers; i++) {
            String name = "put-reader" + i;
            clients.start(name, (cairn, world) -> read(cairn, world, name));
        }
    }

    private void write(Cairn cairn, World world, String name) throws IOException {
        SimRandom own = random.stream(name);
        for (int i = 0; i < steps && !stopped; i++) {
            if (!puts.isEmpty() && own.chance(DISTURB_SHARE)) {
                disturb(cairn, own);
            } else {
                Put put = new Put("/" + name + "-" + i, puts.size());
                put.disturbed =
                        plan.synced(); // any host may lose power then: what readers saw before a sync may be gone
                put.mixed = plan.synced();
                puts.add(put);
                put(cairn, own, put);
            }
            world.time().sleep(own.exponential(pauseNanos));
        }
        ended++;
    }

    private void put(Cairn cairn, SimRandom own, Put put) throws IOException {
        int length = (int) own.between(1, own.coin() ? BYTES_MAX : BYTES_MAX / 20);
        try {
            CairnOutput output = cairn.create(put.path, CreateOptions.DEFAULTS);
            put.created = true;
            try {
                send(output, own, put, length);
                output.close();
                put.closed = true;
            } finally {
                output.abort();
            }
        } catch (CairnException e) {
            judge(put, put.created, "put", e);
        }
    }

    /** A put that is told to stop ends its file where it is: on a slow network many small syncs outlast every patience. */
    private void send(CairnOutput output, SimRandom own, Put put, int length) throws IOException {
        int piece = 1 << own.between(6, 17);
        while (put.length < length && !stopped) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.min(piece, length - put.length));
            while (bytes.hasRemaining()) {
                bytes.put(put.at(put.length + bytes.position()));
            }
            put.length += bytes.limit();
            output.write(bytes.flip());
            if (own.chance(0.1)) {
                output.sync();
            }
        }
    }

    /** Somebody else's file, or one's own. */
    private void disturb(Cairn cairn, SimRandom own) throws IOException {
        Put victim = puts.get(own.below(puts.size()));
        if (victim.disturbed) {
            return;
        }
        boolean made = victim.created;
        victim.disturbed = true;
        victim.mixed = !victim.closed;
        try {
            if (own.coin()) {
                cairn.truncate(victim.path, own.between(0, victim.length));
            } else {
                cairn.delete(victim.path, false, own.coin());
            }
        } catch (CairnException e) {
            judge(victim, made, "disturb", e);
        }
    }

    private void read(Cairn cairn, World world, String name) throws IOException {
        SimRandom own = random.stream(name);
        for (int i = 0; i < steps && !stopped; i++) {
            if (!puts.isEmpty()) {
                Put put = puts.get(own.below(puts.size()));
                look(cairn, own, put);
            }
            world.time().sleep(own.exponential(pauseNanos));
        }
        ended++;
    }

    private void look(Cairn cairn, SimRandom own, Put put) throws IOException {
        boolean whole = put.closed && !put.disturbed;
        boolean made = put.created;
        try {
            if (own.chance(0.3)) {
                long length = cairn.stat(put.path).length();
                Violation.unless(
                        !whole || put.disturbed || length == put.length,
                        "%s is said to have %d bytes, not %d",
                        put.path,
                        length,
                        put.length);
            }
            long count = readAll(cairn, put, 1 << own.between(8, 18));
            Violation.unless(
                    !whole || put.disturbed || count == put.length, "%s: %d bytes of %d", put.path, count, put.length);
            readWhole += whole ? 1 : 0;
        } catch (CairnException e) {
            judge(put, made, "read", e);
        }
    }

    private static long readAll(Cairn cairn, Put put, int piece) throws IOException {
        long at = 0;
        try (CairnInput input = cairn.open(put.path);
                InputStream stream = input.asStream()) {
            byte[] bytes = new byte[piece];
            for (int count = stream.read(bytes); count >= 0; count = stream.read(bytes)) {
                for (int i = 0; i < count; i++) {
                    boolean right = bytes[i] == put.at(at + i) || (put.disturbed && bytes[i] == 0) || put.mixed;
                    Violation.unless(right, "%s: a wrong byte at %d", put.path, at + i);
                }
                at += count;
            }
        }
        return at;
    }

    /**
     * Time may run out, and a disturbed file may be gone, or be another under its writer.
     *
     * @param made whether it was known to exist when the call began
     */
    private void judge(Put put, boolean made, String what, CairnException e) {
        simulation.tell(put.path, what + " failed: " + e);
        boolean late = plan.mayFail(e.code());
        boolean early = e.code() == ErrorCode.NOT_FOUND && !made;
        boolean twice = e.code() == ErrorCode.EXISTS && !made;
        Violation.unless(late || early || twice || put.disturbed, "cannot %s %s: %s", what, put.path, e);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isFinished() {
        return ended == writers + readers;
    }

    @Override
    public void check(Cairn cairn) throws IOException {
        for (Put put : puts) {
            if (put.closed && !put.disturbed) {
                long count = readAll(cairn, put, BYTES_MAX);
                Violation.unless(count == put.length, "%s has %d bytes, not %d", put.path, count, put.length);
            } else if (cairn.exists(put.path)) {
                long count = readAll(cairn, put, BYTES_MAX);
                Violation.unless(
                        put.disturbed || count <= put.length, "%s has %d bytes of %d", put.path, count, put.length);
            }
        }
    }

    @Override
    public String summary() {
        return "puts: %d files by %d writers, read whole %d times by %d readers"
                .formatted(puts.size(), writers, readWhole, readers);
    }
}
