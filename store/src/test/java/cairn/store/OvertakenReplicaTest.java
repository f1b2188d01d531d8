package cairn.store;

import static cairn.store.History.HANDLE;
import static cairn.store.History.OPTIONS;
import static cairn.store.History.TINY;
import static cairn.store.History.direct;
import static cairn.store.History.sums;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cairn.chunk.Mutation;
import cairn.model.CairnException;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Changes that come when the replica has gone on without them, or is gone: refused in one way each, and nothing is changed. */
class OvertakenReplicaTest {
    private static final ChunkVersion V1 = new ChunkVersion(1);
    private static final ChunkVersion V2 = new ChunkVersion(2);
    private static final ChunkVersion V3 = new ChunkVersion(3);

    private final Set<Probe> met = EnumSet.noneOf(Probe.class);
    private final StoreOptions options = OPTIONS.withWitness(met::add);
    private final CrashDisk disk = new CrashDisk();

    private ChunkStore store() throws IOException {
        ChunkStore store = ChunkStore.open(disk, options);
        store.adopt(new StoreIdentity("cell", new ServerId(3), 4, TINY));
        return store;
    }

    private static void append(Replica replica, ChunkVersion version, long serial) throws IOException {
        byte[] payload = {1, 2, 3};
        int offset = (int) replica.state().length();
        Mutation mutation = new Mutation(
                serial,
                Mutation.Kind.APPEND,
                offset,
                payload.length,
                offset + payload.length,
                List.of(),
                sums(offset, payload),
                false);
        replica.apply(version, mutation, direct(payload));
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static ErrorCode refused(Attempt attempt) {
        return catchThrowableOfType(CairnException.class, attempt::run).code();
    }

    @Test
    void a_fence_older_than_one_that_was_promised_is_refused() throws IOException {
        Replica replica = store().create(HANDLE, V1);
        replica.fence(V3);
        assertThat(refused(() -> replica.fence(V2))).isEqualTo(ErrorCode.STALE_VERSION);
        assertThat(met).contains(Probe.FENCE_IS_NEWER);
        assertThat(replica.state().fence()).isEqualTo(V3);
    }

    @Test
    void a_mutation_under_another_version_than_the_fence_is_refused() throws IOException {
        Replica replica = store().create(HANDLE, V1);
        replica.fence(V2);
        assertThat(refused(() -> append(replica, V1, 1))).isEqualTo(ErrorCode.STALE_VERSION);
        assertThat(refused(() -> append(replica, V3, 1))).isEqualTo(ErrorCode.STALE_VERSION);
        assertThat(met).contains(Probe.FENCE_IS_ANOTHER);
        assertThat(replica.state().length()).isZero();
    }

    @Test
    void a_replica_that_has_the_fence_of_a_version_and_not_its_content_takes_no_mutation() throws IOException {
        Replica replica = store().create(HANDLE, V1);
        append(replica, V1, 1);
        replica.fence(V2);
        assertThat(refused(() -> append(replica, V2, 2))).isEqualTo(ErrorCode.NOT_SERVING);
        assertThat(met).contains(Probe.REPLICA_NOT_ESTABLISHED);
        assertThat(replica.state().length()).isEqualTo(3);
    }

    @Test
    void a_sync_under_which_the_replica_is_deleted_is_no_failure() throws IOException {
        ChunkStore store = store();
        Replica replica = store.create(HANDLE, V1);
        append(replica, V1, 1);
        disk.underSync = () -> store.delete(HANDLE);
        replica.sync();
        assertThat(met).contains(Probe.DELETED_WHILE_SYNCED).doesNotContain(Probe.REPLICA_BROKEN);
        assertThat(disk.list("chunks")).noneMatch(name -> name.matches(".*[.](chunk|journal)"));
    }

    @Test
    void a_deletion_that_a_crash_cut_short_is_finished_at_the_next_start() throws IOException {
        ChunkStore store = store();
        Replica replica = store.create(HANDLE, V1);
        append(replica, V1, 1);
        replica.sync();
        disk.crashAt(disk.calls() + 1); // the journal has another name already
        assertThatThrownBy(() -> store.delete(HANDLE)).isInstanceOf(CrashDisk.Crashed.class);
        CrashDisk after = disk.afterKill();
        ChunkStore reopened = ChunkStore.open(after, options);
        assertThat(reopened.find(HANDLE)).isEmpty();
        assertThat(after.list("chunks")).isEmpty();
        assertThat(met).contains(Probe.DELETION_UNFINISHED);
    }
}
