package cairn.server.master;

import cairn.log.LogStore;
import cairn.log.StartRefused;
import cairn.master.MalformedRecord;
import cairn.master.MasterRecord;
import cairn.master.Records;
import cairn.world.Disk;
import java.io.IOException;

/** A master's operation log as lines for people: one for each fact. Reads only; the master may be running. */
public final class LogDump {

    private LogDump() {}

    /**
     * @param disk the master's data directory
     * @param name of one segment, or "all"
     */
    public static void write(Disk disk, String name, Appendable out) throws IOException {
        String end = LogStore.dumpLog(disk, name, (file, index, payload) -> {
            for (MasterRecord record : decode(payload)) {
                out.append("%s %016x %s%n".formatted(file, index, record));
            }
        });
        if (!end.isEmpty()) {
            out.append(end).append('\n');
        }
    }

    private static Iterable<MasterRecord> decode(byte[] payload) throws StartRefused {
        try {
            return Records.decode(payload);
        } catch (MalformedRecord e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }
}
