package cairn.simulation;

import cairn.world.Disk;
import cairn.world.DiskFile;
import cairn.world.Disks;
import cairn.world.SharedWords;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** The disks port of one life: its own disks, and what the other process on its host lets it see of that one's. */
final class SimDisks implements Disks {
    /** So few that clients and servers have to close files. */
    private static final int OPEN_FILES_MAX = 64;

    private final Life life;
    private final SimNode here;

    SimDisks(Life life) {
        this.life = life;
        this.here = life.node();
    }

    @Override
    public Disk open(String path) {
        life.enter();
        here.scheduler().yieldNow();
        return here.disk(path);
    }

    @Override
    public int openFilesMax() {
        return OPEN_FILES_MAX;
    }

    /** A path as {@link SimDisk#describe} says it. */
    private record Named(SimDisk disk, String name) {}

    @Override
    public DiskFile look(String path) throws IOException {
        Named named = find(path);
        return named.disk.open(named.name);
    }

    @Override
    public SharedWords words(String path) throws IOException {
        Named named = find(path);
        return named.disk.words(named.name);
    }

    private Named find(String path) throws IOException {
        life.enter();
        for (SimDisk disk : here.host().disks().values()) {
            String top = disk.describe("");
            if (path.startsWith(top)) {
                return new Named(disk, path.substring(top.length()));
            }
        }
        throw new NoSuchFileException(path);
    }
}
