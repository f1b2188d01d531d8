package cairn.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The plainest state: the list of all records. */
final class ListImage implements StateImage {
    final List<String> records = new ArrayList<>();

    @Override
    public void load(byte[] checkpointRecord) {
        records.add(new String(checkpointRecord, StandardCharsets.UTF_8));
    }

    @Override
    public void apply(long index, byte[] payload) {
        if (index != records.size() + 1) {
            throw new AssertionError("record " + index + " comes behind " + records.size() + " others");
        }
        records.add(new String(payload, StandardCharsets.UTF_8));
    }

    @Override
    public <X extends Exception> void export(RecordSink<X> sink) throws X {
        for (String record : records) {
            sink.take(record.getBytes(StandardCharsets.UTF_8));
        }
    }
}
