package cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every point between two disk calls of many short lives is a crash, by kill -9 and by power loss. */
class CrashTest {
    private static final int SEEDS = Integer.getInteger("cairn.store.seeds", 60);
    private static final int STEPS = 30;

    @Test
    void everything_applied_survives_kill_9_at_any_point() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (int call = 0; ; call++) {
                History history = new History(seed, STEPS);
                CrashDisk disk = lived(history, call);
                String where = "seed %d, killed at call %d".formatted(seed, call);
                CrashDisk after = disk.afterKill();
                history.judgeAfterKill(open(after, where), where);
                history.judgeAfterKill(open(after.afterKill(), where), where + ", twice");
                if (history.closed) {
                    break;
                }
            }
        }
    }

    @Test
    void everything_synced_survives_a_power_loss_at_any_point() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (int call = 0; ; call++) {
                History history = new History(seed, STEPS);
                CrashDisk disk = lived(history, call);
                for (int tear = 0; tear < 4; tear++) {
                    String where = "seed %d, power lost at call %d, tear %d".formatted(seed, call, tear);
                    CrashDisk after = disk.afterPowerLoss(new Random(tear + 10L * call));
                    history.judgeAfterPowerLoss(open(after, where), where);
                    CrashDisk again = after.afterPowerLoss(new Random(tear));
                    history.judgeAfterPowerLoss(open(again, where), where + ", twice");
                }
                if (history.closed) {
                    break;
                }
            }
        }
    }

    @Test
    void a_power_loss_soon_after_a_kill_takes_nothing_that_was_synced() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            for (int call = 0; ; call += 3) {
                History history = new History(seed, STEPS);
                CrashDisk killed = lived(history, call).afterKill();
                String where = "seed %d, killed at call %d, then power lost".formatted(seed, call);
                open(killed, where);
                history.judgeAfterPowerLoss(open(killed.afterPowerLoss(new Random(call)), where), where);
                if (history.closed) {
                    break;
                }
            }
        }
    }

    @Test
    void a_crash_of_the_recovery_itself_changes_nothing() throws IOException {
        for (int seed = 0; seed < SEEDS / 4; seed++) {
            for (int call = 0; ; call += 5) {
                History history = new History(seed, STEPS);
                CrashDisk disk = lived(history, call);
                for (int second = 0; second < 8; second++) {
                    String where = "seed %d, call %d, recovery at call %d".formatted(seed, call, second);
                    CrashDisk killed = disk.afterKill();
                    crashOpening(killed, second);
                    history.judgeAfterKill(open(killed.afterKill(), where), where);
                    CrashDisk lost = disk.afterPowerLoss(new Random(second));
                    crashOpening(lost, second);
                    CrashDisk again = lost.afterPowerLoss(new Random(call));
                    history.judgeAfterPowerLoss(open(again, where), where);
                }
                if (history.closed) {
                    break;
                }
            }
        }
    }

    private static CrashDisk lived(History history, int call) throws IOException {
        CrashDisk disk = new CrashDisk();
        disk.crashAt(call);
        history.run(disk);
        return disk;
    }

    private static void crashOpening(CrashDisk disk, int call) throws IOException {
        disk.crashAt(call);
        try {
            ChunkStore.open(disk, History.OPTIONS);
        } catch (CrashDisk.Crashed e) {
            assertThat(disk.calls()).isEqualTo(call);
        }
    }

    private static ChunkStore open(CrashDisk disk, String where) {
        try {
            return ChunkStore.open(disk, History.OPTIONS);
        } catch (IOException | RuntimeException e) {
            throw new AssertionError(where, e);
        }
    }
}
