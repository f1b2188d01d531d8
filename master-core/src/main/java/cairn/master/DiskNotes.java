package cairn.master;

import cairn.wire.proto.DiskReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says when a disk changes its state. Stateless. */
final class DiskNotes {

    private DiskNotes() {}

    /** Compares what the server says of its disks now with what it said before. */
    static void changed(ServerState server, List<DiskReport> now, Turn.Draft turn) {
        Map<String, String> before = new TreeMap<>();
        server.disks().forEach(disk -> before.put(disk.getPath(), disk.getState()));
        for (DiskReport disk : now) {
            String former = before.getOrDefault(disk.getPath(), "ok");
            if (!disk.getState().equals(former)) {
                boolean worse = !disk.getState().equals("ok");
                if (worse) {
                    turn.count(Counted.DISKS_AILING);
                }
                turn.event(
                        worse,
                        "disk.state",
                        "server",
                        server.id,
                        "address",
                        server.address,
                        "path",
                        disk.getPath(),
                        "from",
                        former,
                        "to",
                        disk.getState(),
                        "usable_bytes",
                        disk.getUsableBytes(),
                        "detail",
                        disk.getDetail().isEmpty() ? "-" : disk.getDetail());
            }
        }
    }
}
