package cairn.chunk;

/** Bytes that are no encoding of what they should be: damaged, hostile, or of a newer format. */
public final class MalformedRecord extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedRecord(String message) {
        super(message);
    }
}
