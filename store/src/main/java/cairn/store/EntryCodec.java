package cairn.store;

import cairn.chunk.MalformedRecord;
import cairn.chunk.MutationEntry;
import cairn.chunk.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries of a mutation, small: each says only how it differs from what the entry before suggests. A batch of one
 * producer's records takes two or three bytes for each. {@code previous} is not kept: it matters before applying only.
 */
final class EntryCodec {
    /** Most bytes of one entry. */
    static final int BYTES_MAX = 1 + 8 + 3 * Varint.BYTES_MAX + 5;

    private static final int OTHER_PRODUCER = 1;
    private static final int OTHER_SEQUENCE = 2;
    private static final int OTHER_ACKNOWLEDGED = 4;
    private static final int OTHER_OFFSET = 8;
    private static final MutationEntry NONE = new MutationEntry(0, 0, 0, 0, 0, 0);

    private EntryCodec() {}

    static void encode(ByteBuffer into, List<MutationEntry> entries) {
        Varint.put(into, entries.size());
        MutationEntry before = NONE;
        for (int i = 0; i < entries.size(); i++) {
            MutationEntry entry = entries.get(i);
            encode(into, entry, before);
            before = entry;
        }
    }

    private static void encode(ByteBuffer into, MutationEntry entry, MutationEntry before) {
        int flags = (entry.producer() != before.producer() ? OTHER_PRODUCER : 0)
                | (entry.sequence() != before.sequence() + 1 ? OTHER_SEQUENCE : 0)
                | (entry.acknowledgedThrough() != before.acknowledgedThrough() ? OTHER_ACKNOWLEDGED : 0)
                | (entry.offset() != before.offset() + before.length() ? OTHER_OFFSET : 0);
        into.put((byte) flags);
        if ((flags & OTHER_PRODUCER) != 0) {
            into.putLong(entry.producer());
        }
        if ((flags & OTHER_SEQUENCE) != 0) {
            Varint.put(into, entry.sequence());
        }
        if ((flags & OTHER_ACKNOWLEDGED) != 0) {
            Varint.put(into, entry.acknowledgedThrough());
        }
        if ((flags & OTHER_OFFSET) != 0) {
            Varint.put(into, entry.offset());
        }
        Varint.put(into, entry.length());
    }

    static List<MutationEntry> decode(ByteBuffer from) throws MalformedRecord {
        long count = Varint.get(from, 0, from.remaining() / 2, "count of entries");
        List<MutationEntry> entries = new ArrayList<>((int) count);
        MutationEntry before = NONE;
        for (int i = 0; i < count; i++) {
            before = decode(from, before);
            entries.add(before);
        }
        return entries;
    }

    private static MutationEntry decode(ByteBuffer from, MutationEntry before) throws MalformedRecord {
        int flags = from.get();
        long producer = (flags & OTHER_PRODUCER) != 0 ? from.getLong() : before.producer();
        long sequence = (flags & OTHER_SEQUENCE) != 0 ? Varint.get(from) : before.sequence() + 1;
        long acknowledged = (flags & OTHER_ACKNOWLEDGED) != 0 ? Varint.get(from) : before.acknowledgedThrough();
        long offset = (flags & OTHER_OFFSET) != 0 ? Varint.get(from) : before.offset() + before.length();
        int length = (int) Varint.get(from, 0, Integer.MAX_VALUE, "length of an answer");
        return new MutationEntry(producer, sequence, 0, acknowledged, offset, length);
    }
}
