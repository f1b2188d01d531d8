package cairn.server.master;

import cairn.log.LogStore;
import cairn.log.StartRefused;
import cairn.master.ImageCodec;
import cairn.master.MalformedRecord;
import cairn.world.Disk;
import java.io.IOException;

/** A master's checkpoint as lines for people: one for each record. Reads only; the master may be running. */
public final class CheckpointDump {

    private CheckpointDump() {}

    /**
     * @param disk the master's data directory
     * @param name of one checkpoint, or "all": the newest
     */
    public static void write(Disk disk, String name, Appendable out) throws IOException {
        LogStore.dumpCheckpoint(
                disk,
                name,
                (file, index, record) ->
                        out.append(file).append(' ').append(describe(record)).append('\n'));
    }

    private static String describe(byte[] record) throws StartRefused {
        try {
            return ImageCodec.describe(record);
        } catch (MalformedRecord e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }
}
