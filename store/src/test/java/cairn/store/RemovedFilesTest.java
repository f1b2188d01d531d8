package cairn.store;

import static cairn.store.History.HANDLE;
import static cairn.store.History.OPTIONS;
import static cairn.store.History.TINY;
import static cairn.store.History.bytes;
import static cairn.store.History.readAll;
import static cairn.store.History.sums;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.chunk.Mutation;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What somebody removes from the directory of a running server. */
class RemovedFilesTest {
    private static final ChunkVersion V1 = new ChunkVersion(1);
    private static final String DATA = "chunks/000000000000001f.chunk";
    private static final String JOURNAL = "chunks/000000000000001f.journal";

    private final CrashDisk disk = new CrashDisk();
    private final Set<Probe> met = EnumSet.noneOf(Probe.class);
    private final ChunkStore store = ChunkStore.open(disk, OPTIONS.withWitness(met::add));
    private final Replica replica;
    private final byte[] written = bytes(new Random(5), 61);

    RemovedFilesTest() throws IOException {
        store.adopt(new StoreIdentity("cell", new ServerId(3), 4, TINY));
        replica = store.create(HANDLE, V1);
        write(1, 0, written);
    }

    private void write(long serial, int offset, byte[] payload) throws IOException {
        Mutation mutation = new Mutation(
                serial,
                Mutation.Kind.WRITE,
                offset,
                payload.length,
                Math.max(offset + payload.length, replica.state().length()),
                List.of(),
                sums(offset, payload),
                false);
        replica.apply(V1, mutation, History.direct(payload));
    }

    @Test
    void files_that_are_open_still_are_made_anew_and_a_start_finds_all_that_was_written() throws IOException {
        for (List<String> removed : List.of(List.of(DATA), List.of(JOURNAL), List.of(DATA, JOURNAL))) {
            removed.forEach(disk.names::remove);
            assertThat(replica.restoreRemovedFiles()).as("%s", removed).isTrue();
            assertThat(readAll(replica)).isEqualTo(written);
            assertThat(replica.restoreRemovedFiles()).isFalse();
        }
        assertThat(met).contains(Probe.REMOVED_FILES_RESTORED);
        byte[] more = bytes(new Random(6), 8);
        write(2, 56, more);
        replica.sync();
        ChunkStore reopened = ChunkStore.open(disk.afterPowerLoss(new Random(1)), OPTIONS);
        assertThat(readAll(reopened.find(HANDLE).orElseThrow())).isEqualTo(History.replaced(written, 56, more));
    }

    @Test
    void a_file_that_was_closed_before_it_was_removed_is_gone_and_the_replica_is_bad() throws IOException {
        for (int other = 1; other <= 3; other++) { // two files are kept open
            store.create(new ChunkHandle(other), V1);
        }
        disk.names.remove(DATA);
        assertThatThrownBy(replica::restoreRemovedFiles)
                .isInstanceOf(CorruptReplica.class)
                .hasMessageContaining("/disk/" + DATA);
        assertThat(store.health().failing()).isFalse();
    }

    @Test
    void a_directory_that_is_gone_whole_says_nothing_about_one_replica() throws IOException {
        disk.names.clear();
        assertThat(replica.restoreRemovedFiles()).isFalse();
    }
}
