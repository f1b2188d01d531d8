package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;

/** A record over a quarter of a chunk (GFS 3.3). Nothing was sent; do not retry. */
public final class RecordTooLargeException extends CairnException {
    private static final long serialVersionUID = 1L;

    RecordTooLargeException(long bytes, long bytesMax) {
        super(
                ErrorCode.RECORD_TOO_LARGE,
                "a record of " + bytes + " bytes is over the limit of " + bytesMax
                        + " (a quarter of a chunk); write it with create, or cut it into several records");
    }
}
