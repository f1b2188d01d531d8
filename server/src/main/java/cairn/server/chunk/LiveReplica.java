package cairn.server.chunk;

import cairn.chunk.Pipeline;
import cairn.chunk.ReplicaState;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.rpc.Call;
import cairn.store.ReadResult;
import cairn.store.Replica;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.ReplicaReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One replica and its part in its chunk's version. Holds state only; the duties act on it. Every field below the lock is
 * guarded by it. The lock is never held across disk or network calls: {@link #enter} and {@link #leave} give one
 * thread the right to change the stored replica instead.
 */
final class LiveReplica {

    /** A repeated mutation whose answer is known but may not be given before {@code serial} is committed. */
    record Echo(long serial, Call call, MutateReply reply) {}

    /** Another one, of equal content, when it is moved to another disk; that takes the right to change it. */
    volatile Replica stored;

    /** Where {@link #stored} lies. */
    volatile HeldDisk disk;

    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();

    Role role;
    long version;
    Chain chain = Chain.NONE;
    Pipeline<Inflight> pipeline;
    /** A thread changes the stored replica now: applies mutations, or carries out a change of version. */
    boolean busy;
    /** A change of version waits for its turn: appliers leave at the next mutation. */
    int changesWaiting;
    /** It was put aside, and the master has not judged it since it was taken back: outside, whatever it holds. */
    boolean unseen;
    /** Of readers on this host to the first {@link #permittedBytes}; null when nobody has asked. */
    private Permits.@Nullable Permit permit;

    private long permittedBytes;
    /** The primary has stopped taking mutations in order to seal. */
    boolean sealing;

    long mutatedAtNanos;
    final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
    final ArrayDeque<Echo> echoes = new ArrayDeque<>();

    /** Committed mutations that were the last ones, as their senders said: answered when the chunk is sealed. */
    final List<Echo> last = new ArrayList<>();

    final List<Arrival> waitingForSeal = new ArrayList<>();

    LiveReplica(Replica stored, HeldDisk disk, long nowNanos) {
        this.stored = stored;
        this.disk = disk;
        ReplicaState state = stored.state();
        version = state.fence().value();
        role = sealedAndGood(state) ? Role.SEALED : Role.OUTSIDE;
        pipeline = new Pipeline<>(state.serial(), state.length());
        mutatedAtNanos = nowNanos;
    }

    /**
     * One that was put aside, and is well: its chunk may have been led on without it meanwhile. So it serves nobody until the
     * master has {@link #seen} it.
     */
    static LiveReplica takenBack(Replica stored, HeldDisk disk, long nowNanos) {
        LiveReplica live = new LiveReplica(stored, disk, nowNanos);
        live.unseen = live.role == Role.SEALED;
        live.role = Role.OUTSIDE;
        return live;
    }

    /** The master was shown this replica, and all that it had to say of it is done: the sealed may serve. */
    void seen() {
        lock.lock();
        try {
            if (unseen && !busy) { // whoever changes it now may leave anything: it is shown again
                unseen = false;
                if (sealedAndGood(stored.state())) {
                    role = Role.SEALED;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    static boolean sealedAndGood(ReplicaState state) {
        return state.sealed() && !state.suspect() && state.fence().equals(state.established());
    }

    ChunkHandle handle() {
        return stored.handle();
    }

    /** It lies elsewhere from now on. The caller has the sole right to change it. */
    void moved(Replica equal, HeldDisk to) {
        lock.lock();
        try {
            forbid();
            stored = equal; // who is given a permit from now on reads there
            disk = to;
        } finally {
            lock.unlock();
        }
    }

    /** Readers on this host may read the first {@code bytes} from its file: none of them changes until then. The caller holds the lock. */
    Permits.Permit permit(Permits permits, long bytes) throws CairnException {
        Permits.Permit standing = permit;
        if (standing == null || !standing.stands()) {
            standing = permits.give();
            permit = standing;
            permittedBytes = 0;
        }
        permittedBytes = Math.max(permittedBytes, bytes);
        return standing;
    }

    /** Bytes from {@code offset} on are about to change: on return nobody reads them from the file. The caller holds the lock. */
    void forbidFrom(long offset) {
        if (offset < permittedBytes) {
            forbid();
        }
    }

    private void forbid() {
        Permits.Permit standing = permit;
        if (standing != null) {
            standing.end();
            permit = null;
            permittedBytes = 0;
        }
    }

    /** As {@link Replica#read}; that of a replica that is being moved is tried where it is now. */
    ReadResult read(long offset, int length, ByteBuffer into) throws IOException {
        int position = into.position();
        Replica at = stored;
        try {
            return at.read(offset, length, into);
        } catch (CairnException e) {
            if (at.equals(stored)) {
                throw e;
            }
            into.position(position);
            return stored.read(offset, length, into);
        }
    }

    /** Waits for the sole right to change the stored replica. The caller holds the lock. */
    void enter() {
        changesWaiting++;
        while (busy) {
            changed.awaitUninterruptibly();
        }
        changesWaiting--;
        busy = true;
    }

    /** Gives the right back. The caller holds the lock. */
    void leave() {
        busy = false;
        changed.signalAll();
    }

    /** As {@link #enter}, for a caller that does not hold the lock. */
    void acquire() {
        lock.lock();
        try {
            enter();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #leave}, for a caller that does not hold the lock. */
    void release() {
        lock.lock();
        try {
            leave();
        } finally {
            lock.unlock();
        }
    }

    /** Ends this replica's part in its version: all who wait are told to ask again. The caller holds the lock. */
    void stepAside(Role next, ErrorCode code, String reason) {
        forbid();
        role = next;
        unseen = false;
        sealing = false;
        for (Inflight waiting : pipeline.abandon()) {
            waiting.abandoned(code, reason);
        }
        arrivals.forEach(arrival -> arrival.refuse(code, reason));
        arrivals.clear();
        waitingForSeal.forEach(arrival -> arrival.refuse(code, reason));
        waitingForSeal.clear();
        echoes.forEach(echo -> echo.call().fail(code, reason, 0));
        echoes.clear();
        last.forEach(echo -> echo.call().fail(code, reason, 0));
        last.clear();
        changed.signalAll();
    }

    /** Takes the part that ESTABLISH gives. The caller holds the lock. */
    void takePart(Role part, Chain members, long serial, long length) {
        forbid();
        role = part;
        unseen = false;
        chain = members;
        pipeline = new Pipeline<>(serial, length);
        changed.signalAll();
    }

    /** Answers the repeats whose mutations are committed by now. The caller holds the lock. */
    void answerEchoes() {
        while (!echoes.isEmpty() && echoes.peekFirst().serial() <= pipeline.committedSerial()) {
            Echo echo = echoes.removeFirst();
            echo.call().reply(echo.reply());
        }
    }

    /** Mutations and calls that are not through. A member hears of the last commit only with the next mutation. */
    int waiting() {
        lock.lock();
        try {
            int begun = role == Role.PRIMARY ? pipeline.waiting().size() : 0;
            return begun + arrivals.size() + echoes.size() + last.size() + waitingForSeal.size();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this is still the newest version known here. */
    boolean version(long expected) {
        lock.lock();
        try {
            return version == expected;
        } finally {
            lock.unlock();
        }
    }

    ReplicaReport report() {
        ReplicaState state = stored.state();
        lock.lock();
        try {
            boolean leading = role == Role.PRIMARY && state.established().value() == version;
            return report(state).setLeading(leading).build();
        } finally {
            lock.unlock();
        }
    }

    static ReplicaReport.Builder report(ReplicaState state) {
        return ReplicaReport.newBuilder()
                .setHandle(state.handle().value())
                .setFence(state.fence().value())
                .setEstablished(state.established().value())
                .setLength(state.length())
                .setSerial(state.serial())
                .setSealed(state.sealed())
                .setSuspect(state.suspect());
    }
}
