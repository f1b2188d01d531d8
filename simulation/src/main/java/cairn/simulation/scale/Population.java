package cairn.simulation.scale;

import cairn.log.CellIdentity;
import cairn.log.DataDirectory;
import cairn.log.LogOptions;
import cairn.log.LogStore;
import cairn.master.Attributes;
import cairn.master.CellLimit;
import cairn.master.ChunkMember;
import cairn.master.Inode;
import cairn.master.KnownServer;
import cairn.master.MasterRecord;
import cairn.master.Records;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.FileId;
import cairn.model.Geometry;
import cairn.model.Invariant;
import cairn.model.ServerId;
import cairn.server.master.CoreImage;
import cairn.simulation.SimRandom;
import cairn.world.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Who holds what at the start, and the log of a master that had it all written. */
final class Population {
    static final long CELL_ID = 0xCA1F;

    private static final int BATCH_RECORDS = 2_000;
    private static final int BATCHES_AHEAD_MAX = 100;
    private static final int DRAWS_MAX = 50;

    private final ScalePlan plan;
    private final SimRandom random;

    /** Three servers for each chunk, one chunk behind the other. */
    private final short[] places;

    private final int[] held;

    Population(ScalePlan plan) {
        this.plan = plan;
        this.random = new SimRandom(plan.seed()).stream("placement");
        this.places = new short[ScalePlan.GOAL * plan.chunks()];
        this.held = new int[plan.servers()];
        for (int chunk = 0; chunk < plan.chunks(); chunk++) {
            place(chunk);
        }
    }

    /** On two racks at least, where there are two, and nowhere much more than elsewhere. */
    private void place(int chunk) {
        int at = ScalePlan.GOAL * chunk;
        for (int i = 0; i < ScalePlan.GOAL; i++) {
            int server = chunk < plan.shared() && i < 2 ? i : chunk < plan.first() && i == 0 ? 0 : draw(at, i);
            places[at + i] = (short) server;
            held[server]++;
        }
    }

    private int draw(int at, int already) {
        for (int tries = 0; tries < DRAWS_MAX; tries++) {
            int server = random.below(plan.servers());
            if (held[server] < plan.replicas() && fits(server, at, already)) {
                return server;
            }
        }
        int emptiest = -1;
        for (int server = 0; server < plan.servers(); server++) {
            if (fits(server, at, already) && (emptiest < 0 || held[server] < held[emptiest])) {
                emptiest = server;
            }
        }
        Invariant.check(emptiest >= 0, "a cell of %d servers has no three for a chunk", plan.servers());
        return emptiest;
    }

    private boolean fits(int server, int at, int already) {
        boolean elsewhere = already < ScalePlan.GOAL - 1 || plan.servers() <= plan.perRack();
        for (int i = 0; i < already; i++) {
            int other = places[at + i];
            if (other == server) {
                return false;
            }
            elsewhere |= other / plan.perRack() != server / plan.perRack();
        }
        return elsewhere;
    }

    /** The handles of all replicas of each server, rising. */
    int[][] handles() {
        int[][] handles = new int[plan.servers()][];
        for (int server = 0; server < plan.servers(); server++) {
            handles[server] = new int[held[server]];
        }
        int[] next = new int[plan.servers()];
        for (int i = 0; i < places.length; i++) {
            int server = places[i];
            handles[server][next[server]++] = i / ScalePlan.GOAL + 1;
        }
        return handles;
    }

    /** Makes the cell in {@code directory}, with a checkpoint. Run it as a process of the master's host. */
    void write(World world, String directory) throws IOException {
        LogStore.Setting setting = new LogStore.Setting(
                LogOptions.DEFAULT,
                world.threads(),
                CoreImage::new,
                note -> {},
                problem -> {
                    throw new IllegalStateException("the log cannot be written", problem);
                },
                world.witness());
        DataDirectory opened = DataDirectory.open(world.disks().open(directory));
        CellIdentity cell = new CellIdentity(CELL_ID, Geometry.STANDARD);
        long millis = world.time().wallMillis();
        MasterRecord first = new MasterRecord.CellCreated(CELL_ID, cell.geometry(), ScalePlan.GOAL, millis);
        LogStore store = LogStore.format(opened, cell, Records.encode(List.of(first)), setting);
        new Writer(store, millis).writeAll();
        store.checkpoints().make(store.log().roll());
        store.log().close();
        opened.close();
    }

    /** Appends records in batches. */
    private final class Writer {
        private final LogStore store;
        private final long millis;
        private final Attributes attributes;
        private final List<MasterRecord> batch = new ArrayList<>();
        private long nextFile = Inode.PURGE.value() + 1;
        private int batches;

        Writer(LogStore store, long millis) {
            this.store = store;
            this.millis = millis;
            this.attributes = new Attributes("user", "users", 0644, ScalePlan.GOAL, millis, false);
        }

        void writeAll() throws IOException {
            add(new MasterRecord.LimitSet(CellLimit.RATE_PER_COPY, plan.rateBytes()));
            for (int server = 0; server < plan.servers(); server++) {
                add(new MasterRecord.ServerKnown(new KnownServer(
                        new ServerId(server + 1L),
                        ModelServer.addressOf(server).toString(),
                        plan.rackOf(server),
                        false)));
            }
            FileId directory = Inode.ROOT;
            for (int file = 0; file < plan.files(); file++) {
                if (file % ScalePlan.FILES_PER_DIRECTORY == 0) {
                    directory = make(Inode.ROOT, "run-%06d".formatted(file / ScalePlan.FILES_PER_DIRECTORY), true);
                }
                FileId id = make(directory, "part-%08d".formatted(file), false);
                int end = Math.min(plan.chunks(), (file + 1) * ScalePlan.CHUNKS_PER_FILE);
                for (int chunk = file * ScalePlan.CHUNKS_PER_FILE; chunk < end; chunk++) {
                    fill(id, chunk);
                }
            }
            flush();
            store.log().awaitDurable(store.log().lastIndex());
        }

        private FileId make(FileId parent, String name, boolean directory) throws IOException {
            FileId id = new FileId(nextFile++);
            add(new MasterRecord.InodeMade(new Inode(id, parent, name, directory, attributes)));
            return id;
        }

        private void fill(FileId file, int chunk) throws IOException {
            ChunkHandle handle = new ChunkHandle(chunk + 1L);
            List<ChunkMember> members = new ArrayList<>();
            for (int i = 0; i < ScalePlan.GOAL; i++) {
                members.add(new ChunkMember(new ServerId(places[ScalePlan.GOAL * chunk + i] + 1L), true));
            }
            add(new MasterRecord.ChunkAdded(handle, file, members, millis));
            add(new MasterRecord.ChunkSealed(handle, new ChunkVersion(1), plan.chunkBytes(), millis));
        }

        private void add(MasterRecord record) throws IOException {
            batch.add(record);
            if (batch.size() >= BATCH_RECORDS) {
                flush();
            }
        }

        private void flush() throws IOException {
            store.log().append(Records.encode(batch));
            batch.clear();
            if (++batches % BATCHES_AHEAD_MAX == 0) {
                store.log().awaitDurable(store.log().lastIndex());
            }
        }
    }
}
