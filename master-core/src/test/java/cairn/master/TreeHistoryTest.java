package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.FileId;
import cairn.wire.proto.TrashEntry;
import cairn.wire.proto.UndeleteRequest;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random histories of names, trash and quotas: the figures are always what a sum over all files gives, after any restart. */
final class TreeHistoryTest {
    private static final int STEPS = 400;

    private final Bench master = new Bench();
    private final Trees trees = new Trees(master);
    private Random random = new Random(0);
    private int accepted;
    private int refused;

    @Test
    void what_directories_hold_is_counted_as_it_changes_and_never_over_a_limit_by_names_alone() {
        for (long seed = 0; seed < 60; seed++) {
            TreeHistoryTest history = new TreeHistoryTest();
            history.random = new Random(seed);
            history.run(seed);
            accepted += history.accepted;
            refused += history.refused;
        }
        assertThat(accepted).isGreaterThan(2000);
        assertThat(refused).isGreaterThan(500);
    }

    private void run(long seed) {
        for (int i = 0; i < STEPS; i++) {
            master.nanos += random.nextInt(2_000_000_000);
            MasterImage before = master.core.image();
            Map<FileId, TreeUse> uses = Trees.known(before);
            operate();
            MasterImage image = master.core.image();
            assertThat(Trees.known(image)).as("seed %d, step %d", seed, i).isEqualTo(Trees.counted(image));
            checkLimits(uses, image, seed, i);
            if (random.nextInt(40) == 0) {
                master.restart();
            }
        }
        MasterImage live = master.core.image();
        assertThat(Bench.exported(master.replayed())).isEqualTo(Bench.exported(live));
        MasterImage reloaded = Bench.reloaded(live);
        assertThat(Bench.exported(reloaded)).isEqualTo(Bench.exported(live));
        reloaded.apply(new MasterRecord.InodeErased(emptyDirectory(reloaded)));
        assertThat(Trees.known(reloaded)).isEqualTo(Trees.counted(reloaded));
    }

    private static FileId emptyDirectory(MasterImage image) {
        FileId id = new FileId(image.nextFileId());
        Attributes attributes = new Attributes("a", "b", 0700, 3, 0, false);
        image.apply(new MasterRecord.InodeMade(new Inode(id, Inode.ROOT, "empty", true, attributes)));
        return id;
    }

    /** No operation on names makes a directory hold more than it may; one that held more already may not grow. */
    private static void checkLimits(Map<FileId, TreeUse> before, MasterImage image, long seed, int step) {
        image.rulesAfter(Inode.NOWHERE).forEach((id, rules) -> {
            TreeUse use = image.useOf(id);
            TreeUse former = before.getOrDefault(id, TreeUse.NOTHING);
            if (rules.filesMax() != DirectoryRules.UNSET) {
                assertThat(use.files())
                        .as("seed %d, step %d, %s", seed, step, id)
                        .isLessThanOrEqualTo(Math.max(rules.filesMax(), former.files()));
            }
        });
    }

    private void operate() {
        String path = path();
        Effect done = switch (random.nextInt(14)) {
            case 0, 1, 2 -> master.create(path, random.nextBoolean(), random.nextBoolean());
            case 3 -> master.mkdir(path, random.nextBoolean());
            case 4, 5 -> master.rename(path, path(), random.nextBoolean());
            case 6, 7 -> master.delete(path, random.nextBoolean(), random.nextInt(4) == 0);
            case 8, 9 -> undelete(path);
            case 10 -> trees.setTrashSeconds(path, random.nextInt(30) - 1);
            case 11 -> trees.limitFiles(path, random.nextInt(6) - 1);
            case 12 -> write(path);
            default -> pass();
        };
        if (Bench.outcome(done).equals("ok")) {
            accepted++;
        } else {
            refused++;
        }
    }

    private Effect undelete(String path) {
        List<TrashEntry> entries = trees.trash("/", 1000);
        if (entries.isEmpty() || random.nextInt(4) == 0) {
            return trees.undelete(path);
        }
        TrashEntry one = entries.get(random.nextInt(entries.size()));
        return trees.undelete(UndeleteRequest.newBuilder()
                .setPath(one.getPath())
                .setNumber(random.nextBoolean() ? one.getNumber() : 0)
                .setTo(random.nextBoolean() ? path : "")
                .build());
    }

    private Effect write(String path) {
        Effect stat = master.stat(path);
        if (Bench.outcome(stat).equals("ok") && !master.status(path).getDirectory()) {
            trees.write(path, random.nextInt(100));
        }
        return stat;
    }

    private Effect pass() {
        if (random.nextInt(3) == 0) {
            trees.empty(path());
        }
        master.tick();
        return master.stat("/");
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(3)));
        }
        return path.toString();
    }
}
