package cairn.client;

import cairn.model.CairnException;
import cairn.model.ErrorCode;

/**
 * No answer within {@link ClientOptions#operationTimeout}. The records that were not acknowledged may or may not be in
 * the file. The appender keeps them: {@link CairnAppender#flush} goes on trying with the same sequence numbers and
 * never duplicates one. To append such a record again with another appender may duplicate it.
 */
public final class AppendTimeoutException extends CairnException {
    private static final long serialVersionUID = 1L;

    AppendTimeoutException(String message, Throwable cause) {
        super(ErrorCode.UNREACHABLE, message, cause);
    }
}
