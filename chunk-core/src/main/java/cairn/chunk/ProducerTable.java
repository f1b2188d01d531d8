package cairn.chunk;

import cairn.model.Limits;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A replica's exactly-once memory: for each producer its last sequence and the answers it may still ask for. The same
 * on
 * every member, because it changes only with mutations; journaled with them, copied when members reconcile.
 *
 * <p>Bounded: {@link Limits#PRODUCER_WINDOW} answers for each producer, {@link Limits#PRODUCERS_PER_CHUNK_MAX}
 * producers; beyond, the producer whose latest mutation is the oldest is forgotten. Not thread-safe.
 */
public final class ProducerTable {

    private static final long OFFSET_MAX = 1L << 40;
    private static final int PRODUCER_BYTES_MAX = 8 + 3 * Varint.BYTES_MAX;
    private static final int RESULT_BYTES_MAX = 2 * Varint.BYTES_MAX + 5;

    private final int producersMax;
    private final int window;

    /** In the order of the latest mutation, oldest first. */
    private final LinkedHashMap<Long, Producer> producers = new LinkedHashMap<>();

    /** An empty table with the limits of the protocol. */
    public ProducerTable() {
        this(Limits.PRODUCERS_PER_CHUNK_MAX, Limits.PRODUCER_WINDOW);
    }

    /** An empty table with smaller limits, for tests. */
    ProducerTable(int producersMax, int window) {
        this.producersMax = producersMax;
        this.window = window;
    }

    /** What to do with the request {@code sequence} of {@code producer}; changes nothing, not even who is oldest. */
    public ProducerAnswer lookup(long producer, long sequence, long previous) {
        Producer known = producers.get(producer);
        if (known != null && sequence <= known.last) {
            ProducerAnswer remembered = known.answer(sequence);
            return remembered != null ? remembered : new ProducerAnswer.Forgotten();
        }
        long last = known == null ? 0 : known.last;
        return previous != 0 && previous != last ? new ProducerAnswer.OutOfOrder(last) : new ProducerAnswer.New();
    }

    /** Remembers the answers of one mutation. A sequence at or below the producer's last leaves the answers alone. */
    public void record(long serial, List<MutationEntry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            record(serial, entries.get(i));
        }
    }

    private void record(long serial, MutationEntry entry) {
        Producer known = producers.get(entry.producer());
        Producer producer = known == null ? new Producer() : known;
        if (known == null || known.lastSerial != serial) {
            producers.putLast(entry.producer(), producer);
            evictOldest();
        }
        producer.lastSerial = serial;
        if (entry.sequence() > producer.last) {
            producer.last = entry.sequence();
            producer.remember(entry.sequence(), entry.offset(), entry.length(), window);
        }
        producer.forgetThrough(entry.acknowledgedThrough());
    }

    private void evictOldest() {
        if (producers.size() > producersMax) {
            Iterator<Producer> oldestFirst = producers.values().iterator();
            oldestFirst.next();
            oldestFirst.remove();
        }
    }

    /** Producers remembered. */
    public int size() {
        return producers.size();
    }

    /** Answers remembered, of all producers. */
    public int answers() {
        int answers = 0;
        for (Producer producer : producers.values()) {
            answers += producer.size;
        }
        return answers;
    }

    /** An independent copy. */
    public ProducerTable copy() {
        ProducerTable copy = new ProducerTable(producersMax, window);
        for (Map.Entry<Long, Producer> entry : producers.entrySet()) {
            copy.producers.put(entry.getKey(), entry.getValue().copy());
        }
        return copy;
    }

    /** Bytes that {@link #encode} takes at most. */
    public int encodedBytesMax() {
        return Varint.BYTES_MAX + producers.size() * PRODUCER_BYTES_MAX + answers() * RESULT_BYTES_MAX;
    }

    /** Writes the table: the count, then the producers, oldest first, each with its answers, ascending. */
    public void encode(ByteBuffer into) {
        Varint.put(into, producers.size());
        for (Map.Entry<Long, Producer> entry : producers.entrySet()) {
            into.putLong(entry.getKey());
            entry.getValue().encode(into);
        }
    }

    /** Reads what {@link #encode} wrote, and never allocates more than the limits allow. */
    public static ProducerTable decode(ByteBuffer from) throws MalformedRecord {
        ProducerTable table = new ProducerTable();
        try {
            long count = Varint.get(from, 0, table.producersMax, "count of producers");
            for (int i = 0; i < count; i++) {
                long id = from.getLong();
                if (table.producers.put(id, Producer.decode(from, table.window)) != null) {
                    throw new MalformedRecord("producer %x twice".formatted(id));
                }
            }
        } catch (BufferUnderflowException e) {
            throw new MalformedRecord("a producer table that ends too early");
        }
        return table;
    }

    /** The same producers in the same order of age with the same answers. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ProducerTable that && encoded().equals(that.encoded());
    }

    @Override
    public int hashCode() {
        return encoded().hashCode();
    }

    private ByteBuffer encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(encodedBytesMax());
        encode(bytes);
        return bytes.flip();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Long, Producer> entry : producers.entrySet()) {
            text.append(text.isEmpty() ? "" : "\n");
            text.append("%016x ".formatted(entry.getKey())).append(entry.getValue());
        }
        return text.toString();
    }

    /** One producer: its last sequence and a window of answers in a ring, ascending. */
    private static final class Producer {
        private long last;
        private long lastSerial;
        private int first;
        private int size;
        private long[] sequences = new long[1];
        private long[] offsets = new long[1];
        private int[] lengths = new int[1];

        ProducerAnswer.@Nullable Duplicate answer(long sequence) {
            int low = 0;
            int high = size - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                long there = sequences[at(middle)];
                if (there == sequence) {
                    return new ProducerAnswer.Duplicate(offsets[at(middle)], lengths[at(middle)]);
                }
                if (there < sequence) {
                    low = middle + 1;
                } else {
                    high = middle - 1;
                }
            }
            return null;
        }

        void remember(long sequence, long offset, int length, int window) {
            if (size == window) {
                first = at(1);
                size--;
            }
            if (size == sequences.length) {
                grow(Math.min(window, 2 * size));
            }
            int slot = at(size++);
            sequences[slot] = sequence;
            offsets[slot] = offset;
            lengths[slot] = length;
        }

        void forgetThrough(long acknowledged) {
            while (size > 0 && sequences[first] <= acknowledged) {
                first = at(1);
                size--;
            }
        }

        private int at(int index) {
            int slot = first + index;
            return slot < sequences.length ? slot : slot - sequences.length;
        }

        private void grow(int capacity) {
            Producer wider = resized(capacity);
            sequences = wider.sequences;
            offsets = wider.offsets;
            lengths = wider.lengths;
            first = 0;
        }

        private Producer resized(int capacity) {
            Producer copy = new Producer();
            copy.last = last;
            copy.lastSerial = lastSerial;
            copy.size = size;
            copy.sequences = new long[capacity];
            copy.offsets = new long[capacity];
            copy.lengths = new int[capacity];
            for (int i = 0; i < size; i++) {
                copy.sequences[i] = sequences[at(i)];
                copy.offsets[i] = offsets[at(i)];
                copy.lengths[i] = lengths[at(i)];
            }
            return copy;
        }

        Producer copy() {
            return resized(Math.max(1, size));
        }

        void encode(ByteBuffer into) {
            Varint.put(into, last);
            Varint.put(into, lastSerial);
            Varint.put(into, size);
            long before = 0;
            for (int i = 0; i < size; i++) {
                Varint.put(into, sequences[at(i)] - before);
                Varint.put(into, offsets[at(i)]);
                Varint.put(into, lengths[at(i)]);
                before = sequences[at(i)];
            }
        }

        static Producer decode(ByteBuffer from, int window) throws MalformedRecord {
            Producer producer = new Producer();
            producer.last = Varint.get(from, 0, Long.MAX_VALUE, "last sequence");
            producer.lastSerial = Varint.get(from, 0, Long.MAX_VALUE, "serial");
            long size = Varint.get(from, 0, window, "count of answers");
            long sequence = 0;
            for (int i = 0; i < size; i++) {
                sequence += Varint.get(from, 1, producer.last - sequence, "step of the sequence");
                long offset = Varint.get(from, 0, OFFSET_MAX, "offset of an answer");
                int length = (int) Varint.get(from, 0, Integer.MAX_VALUE, "length of an answer");
                producer.remember(sequence, offset, length, window);
            }
            return producer;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("last %d in mutation %d".formatted(last, lastSerial));
            for (int i = 0; i < size; i++) {
                text.append(i == 0 ? ": " : ", ");
                text.append("%d at %d+%d".formatted(sequences[at(i)], offsets[at(i)], lengths[at(i)]));
            }
            return text.toString();
        }
    }
}
