package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A call was refused by its receiver, or got no answer ({@link ErrorCode#UNREACHABLE}). */
public final class RpcException extends CairnException {
    private static final long serialVersionUID = 1L;

    private final long detail;
    private final boolean refused;

    public RpcException(ErrorCode code, String message, long detail) {
        super(code, message);
        this.detail = detail;
        this.refused = false;
    }

    private RpcException(ErrorCode code, String message, long detail, boolean refused, @Nullable Throwable cause) {
        super(code, message);
        if (cause != null) {
            initCause(cause);
        }
        this.detail = detail;
        this.refused = refused;
    }

    static RpcException unreachable(String message, @Nullable Throwable cause) {
        return new RpcException(ErrorCode.UNREACHABLE, message, 0, false, cause);
    }

    static RpcException refused(String message, @Nullable Throwable cause) {
        return new RpcException(ErrorCode.UNREACHABLE, message, 0, true, cause);
    }

    /** The same, to be thrown on another thread. */
    RpcException again() {
        return new RpcException(code(), String.valueOf(getMessage()), detail, refused, this);
    }

    /** What the code says it is, e.g. the sealed length; 0 when it says nothing. */
    public long detail() {
        return detail;
    }

    /** Nobody listens at the address: the process is dead, and nothing of this call was carried out. */
    public boolean refused() {
        return refused;
    }
}
