package cairn.simulation.cell;

import cairn.simulation.Fault;
import cairn.simulation.SimDisk;
import cairn.simulation.SimNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Does harm to disks. Errors, slowness and lack of room strike any server's; damage and loss only replicas, and only as long as
 * {@link Survivors} says that another good one is left: a single master has no copy of its log.
 */
final class DiskHarm {

    private static final String CHUNKS = "chunks";
    private static final int HANDLE_DIGITS = 16;
    private static final int BITS_MAX = 8;
    private static final long ROOM_BYTES_MAX = 256 << 10;
    private static final long SLOWNESS_MAX = 1_000;

    private final Weather weather;
    private final SimulatedCell cell;
    private final Survivors survivors;
    private final Set<SimNode> hurt = new LinkedHashSet<>();

    /** One file of a replica. */
    private record ReplicaFile(SimNode host, SimDisk disk, String name, long handle) {}

    DiskHarm(Weather weather, SimulatedCell cell, Survivors survivors) {
        this.weather = weather;
        this.cell = cell;
        this.survivors = survivors;
    }

    void rot() {
        ReplicaFile file = anyFile();
        if (file != null && survivors.mayDamage(file.host, file.handle)) {
            hurt.add(file.host);
            long bytes = file.disk.bytesOf(file.name);
            for (int bits = 1 + weather.random().below(BITS_MAX); bits > 0 && bytes > 0; bits--) {
                long position = weather.random().between(0, bytes - 1);
                file.disk.flipBit(file.name, position, weather.random().below(Byte.SIZE));
            }
        }
    }

    void misread() {
        ReplicaFile file = anyFile();
        if (file != null && survivors.mayDamage(file.host, file.handle)) {
            hurt.add(file.host);
            file.disk.misreadOnce(file.name);
        }
    }

    void misdirect() {
        ReplicaFile file = anyFile();
        if (file == null) {
            return;
        }
        List<ReplicaFile> others = filesOn(file.host, file.disk);
        ReplicaFile goal = weather.any(others);
        if (!goal.equals(file)
                && survivors.mayDamage(file.host, file.handle)
                && survivors.mayDamage(goal.host, goal.handle)) {
            hurt.add(file.host);
            file.disk.misdirectOnce(file.name, goal.name);
        }
    }

    void fail() {
        SimDisk disk = anyDisk();
        hurt.add(disk.host());
        disk.failAtRate(1.0 / weather.random().logarithmic(2, 200));
        weather.afterwards(Fault.IO_ERROR, () -> disk.failAtRate(0));
    }

    void die() {
        SimDisk disk = anyDisk();
        hurt.add(disk.host());
        disk.failAtRate(1);
        weather.afterwards(Fault.DEAD_DISK, () -> disk.failAtRate(0));
    }

    void fill() {
        SimDisk disk = anyDisk();
        hurt.add(disk.host());
        disk.leaveRoom(weather.random().coin() ? 0 : weather.random().between(0, ROOM_BYTES_MAX));
        weather.afterwards(Fault.FULL, disk::makeRoom);
    }

    void slowDown() {
        SimDisk disk = anyDisk();
        weather.note(Fault.SLOW_DISK);
        disk.slowDown((int) weather.random().logarithmic(2, SLOWNESS_MAX));
        weather.afterwards(Fault.SLOW_DISK, () -> disk.slowDown(1));
    }

    /** All of a directory, or the chunks in it, under the running process. */
    void removeDirectory() {
        SimNode host = weather.any(cell.chunkHosts());
        SimDisk disk = weather.any(List.copyOf(host.disks().values()));
        if (survivors.mayLose(host, disk)) {
            hurt.add(host);
            survivors.lost();
            weather.note(Fault.GONE);
            disk.removeTree(weather.random().coin() ? CHUNKS : "");
        }
    }

    /** All is well again; the processes that saw something go wrong are started anew, as their operator would. */
    void mend() {
        for (SimNode host : cell.hosts()) {
            host.disks().values().forEach(SimDisk::mend);
        }
        hurt.forEach(cell::startAnew);
    }

    private SimDisk anyDisk() {
        SimNode host = weather.any(cell.hosts());
        return weather.any(List.copyOf(host.disks().values()));
    }

    private @Nullable ReplicaFile anyFile() {
        SimNode host = weather.any(cell.chunkHosts());
        SimDisk disk = weather.any(List.copyOf(host.disks().values()));
        List<ReplicaFile> files = filesOn(host, disk);
        return files.isEmpty() ? null : weather.any(files);
    }

    private static List<ReplicaFile> filesOn(SimNode host, SimDisk disk) {
        List<ReplicaFile> files = new ArrayList<>();
        for (String name : disk.names(CHUNKS)) {
            if (!name.endsWith(SimDisk.BLANK)) {
                long handle = Long.parseUnsignedLong(name.substring(0, HANDLE_DIGITS), 16);
                files.add(new ReplicaFile(host, disk, CHUNKS + "/" + name, handle));
            }
        }
        return files;
    }
}
