package cairn.log;

/** The state that a log describes: the result of applying its records in order. Not thread-safe. */
public interface StateImage {

    /** Adds one record of a checkpoint to an image that was empty before the first. */
    void load(byte[] checkpointRecord) throws UnreadableRecord;

    /** Applies one record of the log. */
    void apply(long index, byte[] payload) throws UnreadableRecord;

    /** Gives the whole state as checkpoint records; equal states give equal records. */
    <X extends Exception> void export(RecordSink<X> sink) throws X;

    /** Takes records, one after the other. */
    interface RecordSink<X extends Exception> {
        void take(byte[] record) throws X;
    }

    /** Bytes with a right checksum that mean nothing to this version. */
    final class UnreadableRecord extends Exception {
        private static final long serialVersionUID = 1L;

        public UnreadableRecord(String message) {
            super(message);
        }
    }
}
