package cairn.simulation.fuzz;

import cairn.chunk.Mutation;
import cairn.chunk.MutationEntry;
import cairn.chunk.ProducerTable;
import cairn.log.CellIdentity;
import cairn.log.DataDirectory;
import cairn.log.LogOptions;
import cairn.log.LogStore;
import cairn.log.StateImage;
import cairn.master.ImageCodec;
import cairn.master.MalformedRecord;
import cairn.master.MasterImage;
import cairn.master.MasterRecord;
import cairn.master.Records;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.Geometry;
import cairn.model.ServerId;
import cairn.model.proof.Witness;
import cairn.store.ChunkStore;
import cairn.store.Replica;
import cairn.store.StoreIdentity;
import cairn.store.StoreOptions;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** Starts over directories of which one file was damaged: they say so by name, or go on with what is whole. */
final class FilesFuzz {
    private static final Geometry GEOMETRY = new Geometry(64 << 10, 1 << 10);
    private static final CellIdentity CELL = new CellIdentity(0x77, GEOMETRY);

    private FilesFuzz() {}

    /** The master's image as the server gives it to the log. */
    private static final class Image implements StateImage {
        private final MasterImage image = new MasterImage();

        @Override
        public void load(byte[] record) throws UnreadableRecord {
            try {
                ImageCodec.load(image, record);
            } catch (MalformedRecord e) {
                throw new UnreadableRecord(e.getMessage());
            }
        }

        @Override
        public void apply(long index, byte[] payload) throws UnreadableRecord {
            try {
                Records.applyAll(image, payload);
            } catch (MalformedRecord e) {
                throw new UnreadableRecord(e.getMessage());
            }
        }

        @Override
        public <X extends Exception> void export(RecordSink<X> sink) throws X {
            ImageCodec.<X>export(image, sink::take);
        }
    }

    /** A master's directory: damaged, it is recovered or refused with the file's name. */
    static void log(byte[] data) throws IOException {
        Source source = new Source(data);
        FlatDisk disk = Bases.MASTER.copy();
        String name = pick(disk, source);
        byte[] bytes = Damage.of(disk.get(name), source);
        if (source.octet() < 200 && name.startsWith("log-")) {
            Damage.mendLog(bytes);
        } else if (source.octet() < 200 && name.startsWith("checkpoint-")) {
            Damage.mendCheckpoint(bytes);
        }
        disk.put(name, bytes);
        try {
            LogStore.dumpLog(disk, "all", (file, index, record) -> {});
            LogStore.dumpCheckpoint(disk, "", (file, index, record) -> {});
        } catch (IOException e) {
            named(e);
        }
        try (DataDirectory directory = DataDirectory.open(disk)) {
            LogStore.recover(directory, setting((thread, body) -> {}));
        } catch (IOException e) {
            named(e);
        }
    }

    private static void named(IOException problem) {
        String text = String.valueOf(problem.getMessage());
        if (!text.contains("/fuzzed/") && !text.contains("log record")) {
            throw new AssertionError("a refusal that names no file: " + text, problem);
        }
    }

    private static LogStore.Setting setting(cairn.world.Threads threads) {
        return new LogStore.Setting(LogOptions.DEFAULT, threads, Image::new, note -> {}, problem -> {}, Witness.NOBODY);
    }

    /** A chunkserver's directory: damaged, its replicas are served without a wrong byte, put aside, or it is refused. */
    static void store(byte[] data) throws IOException {
        Source source = new Source(data);
        FlatDisk disk = Bases.STORE.copy();
        if (source.coin()) {
            disk.delete("clean"); // as after kill -9
        }
        String name = pick(disk, source);
        byte[] bytes = Damage.of(disk.get(name), source);
        if (source.octet() < 200 && name.endsWith(".journal")) {
            Damage.mendJournal(bytes);
        } else if (source.octet() < 200 && name.equals("store")) {
            bytes = Damage.mendIdentity(bytes);
        }
        disk.put(name, bytes);
        try (ChunkStore store = ChunkStore.open(disk, StoreOptions.STANDARD)) {
            for (Replica replica : store.replicas()) {
                use(replica);
            }
        } catch (IOException e) {
            named(e);
        }
    }

    private static void use(Replica replica) {
        try {
            long length = replica.state().length();
            replica.blockSums();
            ProducerTable table = replica.producers();
            ByteBuffer encoded = ByteBuffer.allocate(table.encodedBytesMax());
            table.encode(encoded);
            replica.read(0, (int) length, ByteBuffer.allocate((int) length));
            replica.fence(new ChunkVersion(Math.max(1, replica.state().fence().value())));
        } catch (IOException e) {
            // damaged, and it says so
        }
    }

    private static String pick(FlatDisk disk, Source source) {
        List<String> names = disk.names();
        return names.get(source.below(names.size()));
    }

    /** Whole directories, made once by the code that makes them. */
    private static final class Bases {
        static final FlatDisk MASTER = new FlatDisk();
        static final FlatDisk STORE = new FlatDisk();

        static {
            try {
                makeMaster();
                makeStore();
            } catch (IOException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private static void makeMaster() throws IOException {
            byte[] first = Records.encode(List.of(new MasterRecord.CellCreated(CELL.cellId(), GEOMETRY, 3, 1000)));
            try (DataDirectory directory = DataDirectory.open(MASTER)) {
                LogStore store = LogStore.format(
                        directory, CELL, first, setting(RealWorld.create().threads()));
                for (int i = 1; i < 20; i++) {
                    store.log().awaitDurable(store.log().append(known(i)));
                }
                store.checkpoints().make(store.log().roll());
                store.log().awaitDurable(store.log().append(known(20)));
                store.log().close();
            }
        }

        private static byte[] known(int id) {
            var server = new cairn.master.KnownServer(new ServerId(id), "host" + id + ":1", "rack", false);
            return Records.encode(List.of(new MasterRecord.ServerKnown(server)));
        }

        private static void makeStore() throws IOException {
            try (ChunkStore store = ChunkStore.open(STORE, StoreOptions.STANDARD)) {
                store.adopt(new StoreIdentity("0000000000000077", new ServerId(3), 5, GEOMETRY));
                for (long handle = 1; handle <= 2; handle++) {
                    fill(store.create(new ChunkHandle(handle), new ChunkVersion(1)));
                }
            }
        }

        private static void fill(Replica replica) throws IOException {
            for (int serial = 1; serial <= 6; serial++) {
                long end = replica.state().length();
                boolean overwrite = serial == 4;
                long offset = overwrite ? 100 : end;
                byte[] bytes = new byte[300];
                java.util.Arrays.fill(bytes, (byte) serial);
                MutationEntry entry = new MutationEntry(9, serial, serial - 1, 0, offset, bytes.length);
                replica.apply(
                        new ChunkVersion(1),
                        new Mutation(
                                serial,
                                overwrite ? Mutation.Kind.WRITE : Mutation.Kind.APPEND,
                                offset,
                                bytes.length,
                                Math.max(end, offset + bytes.length),
                                List.of(entry),
                                sums(bytes, (int) offset),
                                false),
                        ByteBuffer.wrap(bytes));
            }
            replica.sync();
        }

        private static int[] sums(byte[] bytes, int offset) {
            int size = GEOMETRY.blockBytes();
            int first = Math.min(bytes.length, size - offset % size);
            return first == bytes.length
                    ? new int[] {sum(bytes, 0, first)}
                    : new int[] {sum(bytes, 0, first), sum(bytes, first, bytes.length - first)};
        }

        private static int sum(byte[] bytes, int from, int length) {
            CRC32C sum = new CRC32C();
            sum.update(bytes, from, length);
            return (int) sum.getValue();
        }
    }
}
