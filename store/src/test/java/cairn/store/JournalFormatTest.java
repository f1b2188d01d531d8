package cairn.store;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.chunk.MutationEntry;
import cairn.chunk.ProducerTable;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes on disks out there. A change here is a new format version, never a new expectation. */
class JournalFormatTest {

    @Test
    void the_header_is_these_bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(JournalFormat.HEADER_BYTES);
        JournalFormat.putHeader(bytes, History.HANDLE, History.TINY);
        golden(bytes, "636169726e6a6e6c00000001000000000000001f00000080000000084bda24c6");
    }

    @Test
    void every_record_is_these_bytes() {
        ProducerTable table = new ProducerTable();
        List<MutationEntry> entries = List.of(
                new MutationEntry(0x1122334455667788L, 5, 4, 3, 100, 10),
                new MutationEntry(0x1122334455667788L, 6, 5, 3, 110, 300),
                new MutationEntry(-1, 1, 0, 0, 410, 1));
        table.record(9, entries);
        int[] sums = {0x01020304, 0xfffefdfc};
        golden(
                new JournalRecord.Snapshot(3, 2, true, true, 12, 9, sums, table),
                "ca000000318948d2bd010302030c090201020304fffefdfc02112233445566778806090205640a016eac02ffffffffffffffff010901019a0301");
        golden(
                new JournalRecord.Extended(10, 300, 1, sums, entries),
                "ca0000002bf0a25e1f020aac02010201020304fffefdfc030f11223344556677880503640a00ac0207ffffffffffffffff010001");
        golden(
                new JournalRecord.Overwritten(11, 5, 6, 300, sums, sums, true, List.of()),
                "ca0000001ab693ed32030b050601ac020201020304fffefdfc0201020304fffefdfc00");
        golden(new JournalRecord.Cut(12, 7, 0x01020304, List.of()), "ca00000008c72c1694040c070102030400");
        golden(new JournalRecord.Fenced(4), "ca00000002982b65cb0504");
        golden(new JournalRecord.Sealed(), "ca00000001e2cf6c4906");
        golden(
                new JournalRecord.Established(4, 7, 12, 0x01020304, new ProducerTable()),
                "ca00000009ced347340704070c0102030400");
        golden(new JournalRecord.Suspected(), "ca000000014eb7d36e08");
        golden(new JournalRecord.Synced(300, 400), "ca000000055403f27409ac029003");
    }

    private static void golden(JournalRecord record, String expected) {
        ByteBuffer bytes = ByteBuffer.allocate((int) JournalFormat.recordBytesMax(record));
        JournalFormat.putRecord(bytes, record, 32);
        golden(bytes, expected);
    }

    private static void golden(ByteBuffer bytes, String expected) {
        byte[] written = new byte[bytes.flip().remaining()];
        bytes.get(written);
        assertThat(HexFormat.of().formatHex(written)).isEqualTo(expected);
    }
}
