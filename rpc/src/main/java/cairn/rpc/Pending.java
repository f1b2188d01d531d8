package cairn.rpc;

import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.world.Time;
import cairn.world.World;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A call on its way. Whoever made it awaits it once, or gives it up. */
public final class Pending {
    private final Time time;
    private final Witness witness;
    private final Method method;
    private final String peer;
    private final @Nullable Lingering lingering;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition done = lock.newCondition();
    private @Nullable FrameKind kind;
    private byte[] message = new byte[0];
    private Payload payload = Payload.empty();
    private @Nullable RpcException broken;
    private boolean abandoned;
    private Runnable told = () -> {};

    /** Where the connection puts the answer. */
    final ReplySink sink = new Sink();

    /** @param lingering null: who waits goes to sleep at once */
    Pending(World world, Method method, String peer, @Nullable Lingering lingering) {
        this.time = world.time();
        this.witness = world.witness();
        this.method = method;
        this.peer = peer;
        this.lingering = lingering;
    }

    /**
     * Waits for the answer. After the deadline the call is given up: it may or may not have been carried out, and a
     * late answer is dropped.
     *
     * @throws RpcException an error reply, or UNREACHABLE when the connection broke or the deadline passed
     */
    public <M extends MessageLite> Reply<M> await(Parser<M> parser, long deadlineNanos) throws RpcException {
        if (lingering != null) {
            lingering.linger(this::isSettled, deadlineNanos);
        }
        FrameKind answer;
        boolean whole = false;
        lock.lock();
        try {
            while (kind == null) {
                if (broken != null) {
                    throw broken.again();
                }
                if (!time.await(lock, done, deadlineNanos) && kind == null && broken == null) {
                    witness.met(Probe.ANSWER_OVERDUE);
                    throw RpcException.unreachable(peer + " has not answered " + method + " within the deadline", null);
                }
            }
            answer = kind;
            whole = true;
        } finally {
            abandoned = !whole;
            lock.unlock();
        }
        return ReplySink.parse(method, answer, message, payload, parser);
    }

    /** Waits for an answer or a failure; false when there is none at {@code deadlineNanos}: the call goes on. */
    public boolean settledBy(long deadlineNanos) {
        lock.lock();
        try {
            boolean inTime = true;
            while (kind == null && broken == null && inTime) {
                inTime = time.await(lock, done, deadlineNanos);
            }
            return kind != null || broken != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is an answer or a failure. */
    public boolean isSettled() {
        lock.lock();
        try {
            return kind != null || broken != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is an answer, and it is no refusal. */
    public boolean isGood() {
        lock.lock();
        try {
            return kind == FrameKind.REPLY;
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code listener} when there is an answer or a failure, once or twice; at once if there is one already. */
    public void whenSettled(Runnable listener) {
        lock.lock();
        try {
            told = listener;
        } finally {
            lock.unlock();
        }
        if (isSettled()) {
            listener.run();
        }
    }

    /** Nobody will await this call; its answer is dropped. */
    public void abandon() {
        Payload unwanted;
        lock.lock();
        try {
            abandoned = true;
            unwanted = payload;
            payload = Payload.empty();
        } finally {
            lock.unlock();
        }
        unwanted.release();
    }

    private final class Sink implements ReplySink {
        @Override
        public void arrived(FrameKind answer, byte[] bytes, Payload raw) {
            Runnable listener = null;
            lock.lock();
            try {
                if (!abandoned) {
                    kind = answer;
                    message = bytes;
                    payload = raw;
                    done.signal();
                    listener = told;
                }
            } finally {
                lock.unlock();
            }
            if (listener != null) {
                listener.run();
                return;
            }
            witness.met(Probe.ANSWER_TOO_LATE);
            raw.release();
        }

        @Override
        public void broken(RpcException why) {
            Runnable listener;
            lock.lock();
            try {
                broken = why;
                done.signal();
                listener = told;
            } finally {
                lock.unlock();
            }
            listener.run();
        }
    }
}
