package cairn.attack.load;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.CairnWriter;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.simulation.check.FileOp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * Overwrites and reads at random places around the edge between two chunks: {@code write EPOCH NUMBER OFFSET BYTES};
 * {@code read EPOCH OFFSET BYTES}, answered with the bytes in Base64; {@code length EPOCH}; {@code renew EPOCH} when another
 * writer is opened after a failure.
 */
final class WriteJob extends Job {

    private static final int BYTES_MAX = 2048;
    private static final int SPAN_BYTES = 48 << 10;
    private static final int NUMBERS = 10_000;
    private static final double READ_SHARE = 0.25;
    private static final double LENGTH_SHARE = 0.05;

    private int number;

    WriteJob(JobPlan plan, Cairn cairn, History history) {
        super(plan, cairn, history);
    }

    @Override
    void work(long epoch, String path) throws IOException {
        number = 0;
        boolean writes = plan.job() == JobPlan.Kind.WRITE;
        if (writes) {
            make(path);
        }
        CairnInput input = awaitThere(epoch, () -> cairn.open(path));
        if (input == null) {
            return;
        }
        CairnWriter writer = writes ? cairn.openForWrite(path) : null;
        try (input) {
            while (!isOver(epoch)) {
                pace.await();
                double chance = random.nextDouble();
                if (chance < LENGTH_SHARE) {
                    askLength(epoch, input);
                } else if (writer == null || chance < READ_SHARE) {
                    read(epoch, input);
                } else if (!write(epoch, writer)) {
                    writer.close();
                    history.ok(history.call("renew", epoch));
                    writer = cairn.openForWrite(path);
                }
            }
        } finally {
            if (writer != null) {
                writer.close();
            }
        }
    }

    private void make(String path) throws IOException {
        try {
            cairn.create(path, CreateOptions.DEFAULTS.withMakeParents(true)).close();
        } catch (CairnException e) {
            if (e.code() != ErrorCode.EXISTS) {
                throw e;
            }
        }
    }

    private long anyOffset(int length) {
        return (long) cairn.geometry().chunkBytes() - SPAN_BYTES / 2 + random.nextInt(SPAN_BYTES - length);
    }

    private boolean write(long epoch, CairnWriter writer) {
        int length = anyLength(BYTES_MAX);
        long offset = anyOffset(length);
        int name = plan.number() * NUMBERS + ++number;
        long call = history.call("write", epoch, name, offset, length);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = FileOp.byteOf(name, offset + i);
        }
        try {
            writer.write(offset, ByteBuffer.wrap(bytes));
            history.ok(call);
            return true;
        } catch (CairnException e) {
            failed(call, e);
            return false;
        }
    }

    private void askLength(long epoch, CairnInput input) throws IOException {
        long call = history.call("length", epoch);
        try {
            history.ok(call, input.length());
        } catch (CairnException e) {
            failed(call, e);
        }
    }

    private void read(long epoch, CairnInput input) throws IOException {
        int length = anyLength(BYTES_MAX);
        long offset = anyOffset(length);
        ByteBuffer into = ByteBuffer.allocate(length);
        long call = history.call("read", epoch, offset, length);
        try {
            int count = Math.max(0, input.read(offset, into));
            history.ok(call, Base64.getEncoder().encodeToString(Arrays.copyOf(into.array(), count)));
        } catch (CairnException e) {
            failed(call, e);
        }
    }
}
