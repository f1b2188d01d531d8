package cairn.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What will happen, by simulated time; equal times in the order of asking. A binary heap that knows where each timer
 * is, because nearly every deadline is cancelled long before it is due, and must not pile up until then.
 */
final class Timers {

    /** One thing to do later, on the loop's own thread: it must not block. */
    static final class Timer {
        private final long atNanos;
        private final long sequence;
        private final Runnable action;
        private int index = -1;

        Timer(long atNanos, long sequence, Runnable action) {
            this.atNanos = atNanos;
            this.sequence = sequence;
            this.action = action;
        }

        long atNanos() {
            return atNanos;
        }

        long sequence() {
            return sequence;
        }

        void fire() {
            action.run();
        }

        private boolean before(Timer other) {
            return atNanos < other.atNanos || (atNanos == other.atNanos && sequence < other.sequence);
        }
    }

    private @Nullable Timer[] heap = new @Nullable Timer[64];
    private int size;
    private long sequence;

    Timer at(long atNanos, Runnable action) {
        Timer timer = new Timer(atNanos, sequence++, action);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        place(timer, size++);
        up(timer);
        return timer;
    }

    /** Nothing happens when it has fired or was cancelled. */
    void cancel(Timer timer) {
        int hole = timer.index;
        if (hole < 0) {
            return;
        }
        timer.index = -1;
        Timer last = get(--size);
        heap[size] = null;
        if (last != timer) {
            place(last, hole);
            up(last);
            down(last);
        }
    }

    /** When the next timer is due; {@code Long.MAX_VALUE} when there is none. */
    long nextNanos() {
        return size == 0 ? Long.MAX_VALUE : get(0).atNanos;
    }

    /** Takes the next timer; there must be one. */
    Timer take() {
        Timer first = get(0);
        cancel(first);
        return first;
    }

    int size() {
        return size;
    }

    void clear() {
        Arrays.fill(heap, null);
        size = 0;
    }

    private void up(Timer timer) {
        while (timer.index > 0) {
            Timer parent = get((timer.index - 1) / 2);
            if (!timer.before(parent)) {
                return;
            }
            swap(timer, parent);
        }
    }

    private void down(Timer timer) {
        while (2 * timer.index + 1 < size) {
            int left = 2 * timer.index + 1;
            Timer child = get(left);
            if (left + 1 < size && get(left + 1).before(child)) {
                child = get(left + 1);
            }
            if (!child.before(timer)) {
                return;
            }
            swap(timer, child);
        }
    }

    private void swap(Timer a, Timer b) {
        int index = a.index;
        place(a, b.index);
        place(b, index);
    }

    private void place(Timer timer, int index) {
        heap[index] = timer;
        timer.index = index;
    }

    private Timer get(int index) {
        Timer timer = heap[index];
        if (timer == null) {
            throw new IllegalStateException("no timer at " + index);
        }
        return timer;
    }
}
