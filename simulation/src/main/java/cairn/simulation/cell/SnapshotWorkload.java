package cairn.simulation.cell;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.client.CairnInput;
import cairn.client.CairnWriter;
import cairn.client.ChunkInfo;
import cairn.client.FileInfo;
import cairn.model.CairnException;
import cairn.simulation.SimRandom;
import cairn.simulation.Simulation;
import cairn.simulation.check.AppendCheck;
import cairn.simulation.check.AppendRecord;
import cairn.simulation.check.FileOp;
import cairn.simulation.check.Operation;
import cairn.simulation.check.SnapshotCheck;
import cairn.simulation.check.Violation;
import cairn.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Clones a tree, and clones of it, while all of it is changed (GFS 3.4). Judged: each clone is its source at one instant; no byte
 * of one side changes when the other is written; what the clone itself was given is there exactly once; and when clones are
 * deleted, the cell has no chunk more than the files that are left.
 */
final class SnapshotWorkload implements Workload {
    /** Of each tree. */
    private static final List<String> DIRECTORIES = List.of("/a", "/b", "/b/c");

    private static final Duration FREED_WITHIN = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = 50_000_000L;

    private final Clients clients;
    private final CellPlan plan;
    private final Simulation simulation;
    private final SimRandom random;
    private final SnapshotSource source;
    private final List<Clone> clones = new ArrayList<>();
    private final int producers;
    private final int cloners;
    private final int steps;
    private final long pauseNanos;
    private boolean stopped;
    private int started;
    private int ended;
    private long events;
    private int judgedClones;
    private int forked;

    /** One snapshot that was asked for. */
    private static final class Clone {
        final String path;
        final @Nullable Clone from;
        final long invokedAt;
        long returnedAt = Operation.NEVER;

        /** What it held at once; null when nobody got to look before it was written, or at all. */
        @Nullable
        Content first;

        /** What it was given of its own. */
        final Map<String, List<AppendRecord>> given = new TreeMap<>();

        final Map<Integer, List<FileOp>> written = new TreeMap<>();
        boolean cloned;

        /** Somebody asked for its deletion, and may never have heard whether it was carried out. */
        boolean deleted;

        Clone(String path, @Nullable Clone from, long invokedAt) {
            this.path = path;
            this.from = from;
            this.invokedAt = invokedAt;
        }
    }

    /** What a tree holds: each log, and where it stands; the cells; the token. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares contents
    private record Content(Map<String, byte[]> logs, Map<String, String> paths, byte[] cells, int token) {}

    SnapshotWorkload(Simulation simulation, Clients clients, CellPlan plan) {
        this.simulation = simulation;
        this.clients = clients;
        this.plan = plan;
        this.random = new SimRandom(simulation.seed()).stream("snapshots");
        this.producers = clients.limited(Limit.CLIENTS, random.between(1, 4));
        this.cloners = clients.limited(Limit.READERS, random.between(1, 2));
        this.steps = clients.limited(Limit.STEPS, random.between(2, 5));
        this.source = new SnapshotSource(this, (int) random.between(1, 3));
        this.pauseNanos = plan.storm().toNanos() / 60;
    }

    @Override
    public void start() {
        client("snapshot-maker", source::make);
        for (int i = 0; i < producers; i++) {
            changer("snapshot-producer" + i, source::produce);
        }
        changer("snapshot-writer", source::write);
        changer("snapshot-mover", source::move);
        for (int i = 0; i < cloners; i++) {
            String name = "snapshot-cloner" + i;
            changer(name, (cairn, world, own) -> makeClones(cairn, world, own, name));
        }
    }

    /** A client with a stream of chance of its own, which begins when the tree stands. */
    private interface Changer {
        void run(Cairn cairn, World world, SimRandom own) throws IOException;
    }

    private void changer(String name, Changer body) {
        client(name, (cairn, world) -> {
            while (!source.isReady() && goesOn()) {
                world.time().sleep(LOOK_NANOS);
            }
            if (source.isReady()) {
                body.run(cairn, world, random.stream(name));
            }
        });
    }

    private void client(String name, Clients.Body body) {
        started++;
        clients.start(name, (cairn, world) -> {
            body.run(cairn, world);
            ended++;
        });
    }

    // ---- what the source needs

    long now() {
        return events++;
    }

    boolean goesOn() {
        return !stopped;
    }

    void rest(World world, SimRandom own) {
        if (own.chance(0.7)) {
            world.time().sleep(own.exponential(pauseNanos / 4));
        }
    }

    /** What a client may come to while the storm lasts. */
    void expect(CairnException problem, String who) {
        Violation.unless(plan.mayFail(problem.code()), "%s failed: %s", who, problem);
        simulation.tell(who, "fails: " + problem);
    }

    // ---- cloners

    private void makeClones(Cairn cairn, World world, SimRandom own, String name) throws IOException {
        List<Clone> mine = new ArrayList<>();
        for (int i = 0; i < steps && !stopped; i++) {
            world.time().sleep(own.exponential(pauseNanos * 60 / steps / 3));
            Clone from = mine.isEmpty() || own.chance(0.6) ? null : mine.get(own.below(mine.size()));
            Clone clone = makeOne(cairn, from == null || from.deleted ? null : from, "/" + name + "-" + i);
            if (clone != null && look(cairn, clone)) {
                mine.add(clone);
                change(cairn, world, own, clone);
            }
            if (!mine.isEmpty() && own.chance(0.2)) {
                delete(cairn, mine.get(own.below(mine.size())));
            }
        }
    }

    private @Nullable Clone makeOne(Cairn cairn, @Nullable Clone from, String path) throws IOException {
        Clone clone = new Clone(path, from, now());
        clones.add(clone);
        try {
            if (from != null) {
                from.cloned = true;
            }
            cairn.snapshot(from == null ? SnapshotSource.ROOT : from.path, path);
            clone.returnedAt = now();
            simulation.tell(path, "was cloned from " + (from == null ? SnapshotSource.ROOT : from.path));
            return clone;
        } catch (CairnException e) {
            expect(e, "a snapshot");
            return null;
        }
    }

    private boolean look(Cairn cairn, Clone clone) throws IOException {
        try {
            clone.first = content(cairn, clone.path);
            return true;
        } catch (CairnException e) {
            expect(e, "a look at " + clone.path);
            return false;
        }
    }

    private void change(Cairn cairn, World world, SimRandom own, Clone clone) throws IOException {
        Content first = clone.first;
        if (first == null || own.chance(0.2)) {
            return;
        }
        try {
            for (Map.Entry<String, String> log : first.paths().entrySet()) {
                if (own.coin()) {
                    give(cairn, clone, log.getKey(), log.getValue(), own);
                }
                rest(world, own);
            }
            if (own.coin()) {
                overwrite(cairn, clone, own.below(SnapshotSource.PLACES));
            }
        } catch (CairnException e) {
            expect(e, "a writer of " + clone.path);
        }
    }

    private void give(Cairn cairn, Clone clone, String log, String path, SimRandom own) throws IOException {
        if (clone.given.containsKey(log)) {
            return;
        }
        List<AppendRecord> given = new ArrayList<>();
        clone.given.put(log, given);
        CairnAppender appender = cairn.append(path, AppendOptions.DEFAULTS.withCreate(false));
        try {
            for (int i = own.below(6); i >= 0; i--) {
                AppendRecord record = new AppendRecord(0, given.size(), (int) own.between(9, 3000), 0);
                record.invokedAt = now();
                given.add(record);
                record.offset = appender.append(ByteBuffer.wrap(record.bytes()));
                record.returnedAt = now();
                forked++;
            }
        } finally {
            appender.abort();
        }
    }

    private void overwrite(Cairn cairn, Clone clone, int place) throws IOException {
        FileOp.Range range = new FileOp.Range(SnapshotSource.offsetOf(place), SnapshotSource.PLACE_BYTES);
        List<FileOp> writes = clone.written.computeIfAbsent(place, p -> new ArrayList<>());
        FileOp op = new FileOp(FileOp.Kind.WRITE, clone.path, -1 - writes.size(), range, now());
        writes.add(op);
        try (CairnWriter writer = cairn.openForWrite(clone.path + "/b/cells")) {
            writer.write(op.offset, SnapshotSource.contentOf(op.number));
        }
        op.returnedAt = now();
    }

    private void delete(Cairn cairn, Clone clone) throws IOException {
        if (clone.cloned || clone.deleted) {
            return; // its clones are judged by what it holds at the end
        }
        clone.deleted = true;
        try {
            cairn.delete(clone.path, true, true);
        } catch (CairnException e) {
            expect(e, "the deletion of " + clone.path);
        }
    }

    // ---- looking

    private Content content(Cairn cairn, String root) throws IOException {
        Map<String, byte[]> logs = new TreeMap<>();
        Map<String, String> paths = new TreeMap<>();
        int token = -1;
        for (String directory : DIRECTORIES) {
            for (FileInfo entry : cairn.list(root + directory)) {
                String path = root + directory + "/" + entry.name();
                if (entry.name().startsWith("log")) {
                    Violation.unless(paths.put(entry.name(), path) == null, "%s is there twice", path);
                    logs.put(entry.name(), read(cairn, path));
                } else if (entry.name().startsWith("token-")) {
                    Violation.unless(token < 0, "%s has two tokens, %s the second", root, entry.name());
                    token = Integer.parseInt(entry.name().substring("token-".length()));
                }
            }
        }
        Violation.unless(token >= 0, "%s has no token", root);
        Violation.unless(
                paths.keySet().equals(new TreeSet<>(source.logs())), "%s has the logs %s", root, paths.keySet());
        return new Content(logs, paths, read(cairn, root + "/b/cells"), token);
    }

    private static byte[] read(Cairn cairn, String path) throws IOException {
        try (CairnInput input = cairn.open(path)) {
            return input.asStream().readAllBytes();
        }
    }

    // ---- judging

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean isFinished() {
        return ended == started;
    }

    @Override
    public void check(Cairn cairn) throws IOException {
        if (!source.isReady()) {
            return; // the storm was over before the tree stood
        }
        Content live = content(cairn, SnapshotSource.ROOT);
        Map<String, List<AppendRecord>> placed = new TreeMap<>();
        for (String log : source.logs()) {
            AppendCheck check = new AppendCheck(bytesOf(live, log), source.sentTo(log));
            check.run();
            placed.put(log, check.placed());
        }
        Map<Clone, Content> there = new LinkedHashMap<>();
        for (Clone clone : clones) {
            if (!clone.deleted && cairn.exists(clone.path)) {
                there.put(clone, content(cairn, clone.path));
            }
            Violation.unless(
                    clone.deleted || clone.returnedAt == Operation.NEVER || there.containsKey(clone),
                    "%s is not there",
                    clone.path);
        }
        for (Map.Entry<Clone, Content> each : there.entrySet()) {
            judge(each.getKey(), each.getValue(), live, placed, there);
        }
        checkFreed(cairn);
    }

    private static byte[] bytesOf(Content content, String log) {
        byte[] bytes = content.logs().get(log);
        if (bytes == null) {
            throw new Violation(log + " is not there");
        }
        return bytes;
    }

    private void judge(
            Clone clone, Content now, Content live, Map<String, List<AppendRecord>> placed, Map<Clone, Content> there) {
        Content first = clone.first == null ? now : clone.first;
        SnapshotCheck check = new SnapshotCheck(clone.path, clone.invokedAt, clone.returnedAt);
        for (String log : source.logs()) {
            byte[] seen = bytesOf(first, log);
            checkOwn(clone, log, seen, bytesOf(now, log));
            Clone from = clone.from;
            if (from == null) {
                check.prefix(seen, bytesOf(live, log), placed.getOrDefault(log, List.of()));
            } else {
                checkNested(clone, from, log, seen, there);
            }
        }
        for (int place = 0; place < SnapshotSource.PLACES; place++) {
            int seen = SnapshotSource.numberAt(first.cells(), place, clone.path);
            if (clone.from == null) {
                check.place(source.writesTo(place), seen);
            }
            checkPlace(clone, place, seen, SnapshotSource.numberAt(now.cells(), place, clone.path));
        }
        if (clone.from == null) {
            check.place(source.moves(), first.token());
        }
        Violation.unless(now.token() == first.token(), "the token of %s has changed", clone.path);
        check.judge();
        judgedClones++;
    }

    /** What it held at first is there still, and what it was given is there once. */
    private static void checkOwn(Clone clone, String log, byte[] first, byte[] now) {
        Violation.unless(
                now.length >= first.length && Arrays.equals(first, 0, first.length, now, 0, first.length),
                "%s of %s has changed: it had %d bytes, it has %d",
                log,
                clone.path,
                first.length,
                now.length);
        List<AppendRecord> given = clone.given.getOrDefault(log, List.of());
        given.forEach(record -> record.offset -= record.isAcknowledged() ? first.length : 0);
        new AppendCheck(Arrays.copyOfRange(now, first.length, now.length), List.of(given)).run();
    }

    /** A clone of a clone, which was written by the same client before and after. */
    private static void checkNested(Clone clone, Clone from, String log, byte[] seen, Map<Clone, Content> there) {
        Content origin = there.get(from);
        byte[] first = from.first == null ? new byte[0] : bytesOf(from.first, log);
        if (origin != null) {
            byte[] all = bytesOf(origin, log);
            Violation.unless(
                    seen.length >= first.length
                            && seen.length <= all.length
                            && Arrays.equals(seen, 0, seen.length, all, 0, seen.length),
                    "%s of %s, with %d bytes, is not what %s held between its first %d and its last %d",
                    log,
                    clone.path,
                    seen.length,
                    from.path,
                    first.length,
                    all.length);
        }
    }

    private static void checkPlace(Clone clone, int place, int first, int now) {
        List<FileOp> writes = clone.written.getOrDefault(place, List.of());
        boolean own = writes.stream().anyMatch(write -> write.number == now);
        boolean overwritten = writes.stream().anyMatch(FileOp::isAnswered);
        Violation.unless(
                own || (now == first && !overwritten),
                "place %d of %s held #%d and holds #%d; it was given %s",
                place,
                clone.path,
                first,
                now,
                writes);
    }

    /** Every other clone goes, or the source itself; then each chunk that is left is one of the files that are left. */
    private void checkFreed(Cairn cairn) throws IOException {
        List<String> left = new ArrayList<>();
        boolean keepsSource = random.coin() || clones.stream().allMatch(clone -> clone.deleted);
        List<String> mayCome = new ArrayList<>();
        for (int i = 0; i < clones.size(); i++) {
            Clone clone = clones.get(i);
            if (!cairn.exists(clone.path)) {
                if (clone.returnedAt == Operation.NEVER) {
                    mayCome.add(clone.path);
                }
            } else {
                if (i % 2 == 0 || keepsSource || clone.deleted) {
                    cairn.delete(clone.path, true, true);
                } else {
                    left.add(clone.path);
                }
            }
        }
        if (keepsSource) {
            left.add(SnapshotSource.ROOT);
        } else {
            cairn.delete(SnapshotSource.ROOT, true, true);
        }
        List<Content> before = new ArrayList<>();
        for (String root : left) {
            before.add(content(cairn, root));
        }
        awaitFreed(cairn, left, mayCome);
        for (int i = 0; i < left.size(); i++) {
            Content now = content(cairn, left.get(i));
            Violation.unless(Arrays.equals(before.get(i).cells(), now.cells()), "%s lost bytes", left.get(i));
            for (String log : source.logs()) {
                boolean same = Arrays.equals(bytesOf(before.get(i), log), bytesOf(now, log));
                Violation.unless(same, "%s of %s lost bytes", log, left.get(i));
            }
        }
    }

    /** @param mayCome clones that were given up by who had asked for them, and may be done only now */
    private void awaitFreed(Cairn cairn, List<String> roots, List<String> mayCome) throws IOException {
        Set<Long> handles = chunksOf(cairn, roots, mayCome);
        long limit = simulation.nowNanos() + FREED_WITHIN.toNanos();
        while (cairn.report().chunks() != handles.size()) {
            Violation.unless(
                    simulation.nowNanos() < limit,
                    "the files that are left have %d chunks, the cell %d",
                    handles.size(),
                    cairn.report().chunks());
            handles = chunksOf(cairn, roots, mayCome);
        }
    }

    private static Set<Long> chunksOf(Cairn cairn, List<String> roots, List<String> mayCome) throws IOException {
        List<String> there = new ArrayList<>(roots);
        for (String path : mayCome) {
            if (cairn.exists(path)) {
                there.add(path);
            }
        }
        Set<Long> handles = new TreeSet<>();
        for (String root : there) {
            for (String directory : DIRECTORIES) {
                for (FileInfo entry : cairn.list(root + directory)) {
                    if (!entry.directory()) {
                        addChunks(cairn, root + directory + "/" + entry.name(), handles);
                    }
                }
            }
        }
        for (FileInfo trashed : cairn.list("/.trash")) {
            addChunks(cairn, "/.trash/" + trashed.name(), handles); // of the making of the tree
        }
        return handles;
    }

    private static void addChunks(Cairn cairn, String path, Set<Long> handles) throws IOException {
        for (ChunkInfo chunk : cairn.locate(path)) {
            handles.add(chunk.handle().value());
        }
    }

    @Override
    public String summary() {
        return "snapshots: %d asked for, %d judged, %d records given to clones, %d moves"
                .formatted(clones.size(), judgedClones, forked, source.moves().size());
    }
}
