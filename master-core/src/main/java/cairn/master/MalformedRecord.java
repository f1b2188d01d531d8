package cairn.master;

/** Bytes that passed their checksum are no record of ours: another version wrote them, or a mistake. */
public final class MalformedRecord extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRecord(String message) {
        super(message);
    }
}
