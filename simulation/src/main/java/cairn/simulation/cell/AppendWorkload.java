package cairn.simulation.cell;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnFollower;
import cairn.client.CairnInput;
import cairn.client.ChunkInfo;
import cairn.model.CairnException;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.AppendCheck;
import cairn.simulation.check.AppendLook;
import cairn.simulation.check.AppendRecord;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Many producers append self-describing records of all sizes to one file, while followers read it as it grows and readers
 * look up what was acknowledged. Judged by {@link AppendCheck}: the file (P3), and what readers and followers saw of it (P4).
 */
final class AppendWorkload implements Workload {

    private static final int PRODUCERS_MAX = 8;
    private static final int READERS_MAX = 2;
    private static final int BYTES_MAX = 600 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int LOCATES_MAX = 20; // a repair changes the version once for each copy that joins

    private final Simulation simulation;
    private final Clients clients;
    private final CellPlan plan;
    private final SimRandom random;
    private final String path;
    private final List<List<AppendRecord>> sent = new ArrayList<>();
    private final List<AppendRecord> acknowledged = new ArrayList<>();
    private final List<Producer> producers = new ArrayList<>();
    private final List<AppendLook> looks = new ArrayList<>();
    private final int producerCount;
    private final int followers;
    private final int readers;
    private final int records;
    private final int lengthMax;
    private final long pauseNanos;
    private boolean stopped;
    private long events;
    private int endedProducers;
    private int endedOthers;
    private long acknowledgedEnd;
    private long finalLength = -1;

    AppendWorkload(Simulation simulation, Clients clients, CellPlan plan, String name) {
        this.simulation = simulation;
        this.clients = clients;
        this.plan = plan;
        this.path = "/" + name;
        this.random = new SimRandom(simulation.seed()).stream("appends " + name);
        this.producerCount = clients.limited(Limit.CLIENTS, random.between(2, PRODUCERS_MAX));
        this.followers = clients.limited(Limit.READERS, random.between(0, 2));
        this.readers = clients.limited(Limit.READERS, random.between(0, READERS_MAX));
        int quarter = plan.geometry().recordBytesMax();
        this.lengthMax = 1 << random.between(5, Integer.numberOfTrailingZeros(quarter));
        int fair = BYTES_MAX / producerCount / Math.max(64, lengthMax / 8);
        this.records = clients.limited(Limit.STEPS, random.between(3, Math.clamp(fair, 4, 200)));
        this.pauseNanos = plan.storm().toNanos() / records / 2;
    }

    @Override
    public void start() {
        for (int i = 0; i < producerCount; i++) {
            Producer producer = new Producer(this, path.substring(1) + "-producer" + i);
            producers.add(producer);
            producer.start();
        }
        for (int i = 0; i < followers; i++) {
            String name = path.substring(1) + "-follower" + i;
            clients.start(name, (cairn, world) -> follow(cairn, world, name));
        }
        for (int i = 0; i < readers; i++) {
            String name = path.substring(1) + "-reader" + i;
            clients.start(name, (cairn, world) -> read(cairn, world, name));
        }
    }

    Simulation simulation() {
        return simulation;
    }

    Clients clients() {
        return clients;
    }

    SimRandom random(String who) {
        return random.stream(who);
    }

    String path() {
        return path;
    }

    CellPlan plan() {
        return plan;
    }

    AppendOptions options() {
        return AppendOptions.DEFAULTS.withSynced(plan.synced());
    }

    int records() {
        return records;
    }

    int lengthMax() {
        return lengthMax;
    }

    long pauseNanos() {
        return pauseNanos;
    }

    boolean isStopped() {
        return stopped;
    }

    /** The records of one more producer, in its order. */
    List<AppendRecord> newProducer() {
        List<AppendRecord> all = new ArrayList<>();
        sent.add(all);
        return all;
    }

    boolean takesProducers() {
        return sent.size() < AppendRecord.PRODUCERS_MAX;
    }

    int lastProducer() {
        return sent.size() - 1;
    }

    /** The time of this history. */
    long now() {
        return events++;
    }

    void acknowledged(AppendRecord record, long offset) {
        record.offset = offset;
        record.returnedAt = now();
        if (simulation.isTraced()) {
            simulation.tell(path, record.toString());
        }
        acknowledged.add(record);
        acknowledgedEnd = Math.max(acknowledgedEnd, offset + record.length);
    }

    void producerEnded() {
        endedProducers++;
    }

    /** Kills one of the producers' processes and starts another on its host. */
    void killOne(SimRandom luck) {
        Producer victim = producers.get(luck.below(producers.size()));
        victim.killAndReplace();
    }

    private void follow(Cairn cairn, World world, String name) throws IOException {
        awaitFile(world);
        ByteBuffer into = ByteBuffer.allocate(plan.clientBytes());
        long position = 0;
        while (!isFollowed(position)) {
            try (CairnFollower follower = cairn.follow(path, position)) {
                while (!isFollowed(position)) {
                    long invokedAt = now();
                    int count = follower.read(into.clear(), PATIENCE);
                    Violation.unless(count == into.position(), "a follower said %d, gave %d", count, into.position());
                    byte[] got = Arrays.copyOf(into.array(), count);
                    look(new AppendLook(name, position, got, count == 0, invokedAt, now()));
                    position += count;
                }
            } catch (CairnException e) {
                Violation.unless(plan.mayFail(e.code()), "a follower of %s failed: %s", path, e);
            }
        }
        endedOthers++;
    }

    private void look(AppendLook look) {
        looks.add(look);
        if (simulation.isTraced()) {
            simulation.tell(look.who(), look.toString());
        }
    }

    private boolean isFollowed(long position) {
        return stopped && endedProducers == producerCount && position >= Math.max(acknowledgedEnd, finalLength);
    }

    private void awaitFile(World world) {
        while (acknowledged.isEmpty() && !(stopped && endedProducers == producerCount)) {
            world.time().sleep(pauseNanos);
        }
    }

    private void read(Cairn cairn, World world, String name) throws IOException {
        SimRandom own = random.stream(name);
        awaitFile(world);
        while (!stopped && !acknowledged.isEmpty() && endedProducers < producerCount) {
            AppendRecord record = acknowledged.get(own.below(acknowledged.size()));
            long endBefore = acknowledgedEnd;
            boolean looksBehind = own.coin();
            try (CairnInput input = cairn.open(path)) {
                if (looksBehind) {
                    long invokedAt = now();
                    long length = input.length();
                    look(AppendLook.length(name, length, invokedAt, now()));
                    Violation.unless(
                            length >= endBefore,
                            "%s is %d bytes long after %d were acknowledged",
                            path,
                            length,
                            endBefore);
                }
                lookUp(name, input, record, looksBehind ? 4 * lengthMax : record.length);
            } catch (CairnException e) {
                Violation.unless(plan.mayFail(e.code()), "a reader of %s failed: %s", path, e);
            }
            world.time().sleep(own.exponential(pauseNanos));
        }
        endedOthers++;
    }

    private void lookUp(String name, CairnInput input, AppendRecord record, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(Math.max(length, record.length));
        long promised = Math.min(into.capacity(), acknowledgedEnd - record.offset);
        long invokedAt = now();
        int count = input.read(record.offset, into);
        byte[] bytes = Arrays.copyOf(into.array(), Math.max(0, count));
        boolean there =
                count >= record.length && Arrays.equals(record.bytes(), 0, record.length, bytes, 0, record.length);
        Violation.unless(there, "%s was read, %d bytes came, and they are not it", record, count);
        Violation.unless(
                count >= promised, "%d bytes were read from %s on, and %d were acknowledged", count, record, promised);
        look(new AppendLook(name, record.offset, bytes, count < into.capacity(), invokedAt, now()));
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isFinished() {
        return endedProducers == producerCount && endedOthers == followers + readers;
    }

    @Override
    public void check(Cairn cairn) throws IOException {
        if (!cairn.exists(path)) {
            Violation.unless(acknowledged.isEmpty(), "%s does not exist", path);
            return;
        }
        byte[] file = readAll(cairn);
        finalLength = file.length;
        AppendCheck check = new AppendCheck(file, sent);
        check.run();
        check.judge(looks);
        check.judgeChunks(chunkLengths(cairn));
    }

    /** Of an open chunk whose version just changes nobody says the length: then the judge waits for its primary. */
    private List<Long> chunkLengths(Cairn cairn) throws IOException {
        List<ChunkInfo> chunks = cairn.locate(path);
        for (int i = 0; i < LOCATES_MAX && chunks.stream().anyMatch(AppendWorkload::mayBeUnknown); i++) {
            readAll(cairn);
            chunks = cairn.locate(path);
        }
        return chunks.stream().map(ChunkInfo::length).toList();
    }

    private static boolean mayBeUnknown(ChunkInfo chunk) {
        return !chunk.sealed() && chunk.length() == 0;
    }

    private byte[] readAll(Cairn cairn) throws IOException {
        try (CairnInput input = cairn.open(path)) {
            byte[] all = input.asStream().readAllBytes();
            long length = input.length();
            Violation.unless(length == all.length, "%s: length %d, read %d", path, length, all.length);
            return all;
        }
    }

    @Override
    public String summary() {
        return "%s: %d producers, %d followers, %d readers, %d records acknowledged, %d bytes"
                .formatted(path.substring(1), sent.size(), followers, readers, acknowledged.size(), finalLength);
    }
}
