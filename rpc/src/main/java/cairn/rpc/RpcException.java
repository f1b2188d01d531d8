package cairn.rpc;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A call was refused by its receiver, or got no answer ({@link ErrorCode#UNREACHABLE}). */
public final class RpcException extends CairnException {
    private static final long serialVersionUID = 1L;

    /** What was found out about the peer. */
    private enum Peer {
        UNKNOWN,
        REFUSED,
        SILENT
    }

    private final long detail;
    private final Peer peer;

    public RpcException(ErrorCode code, String message, long detail) {
        super(code, message);
        this.detail = detail;
        this.peer = Peer.UNKNOWN;
    }

    private RpcException(ErrorCode code, String message, long detail, Peer peer, @Nullable Throwable cause) {
        super(code, message);
        if (cause != null) {
            initCause(cause);
        }
        this.detail = detail;
        this.peer = peer;
    }

    static RpcException unreachable(String message, @Nullable Throwable cause) {
        return new RpcException(ErrorCode.UNREACHABLE, message, 0, Peer.UNKNOWN, cause);
    }

    static RpcException refused(String message, @Nullable Throwable cause) {
        return new RpcException(ErrorCode.UNREACHABLE, message, 0, Peer.REFUSED, cause);
    }

    static RpcException silent(String message) {
        return new RpcException(ErrorCode.UNREACHABLE, message, 0, Peer.SILENT, null);
    }

    /** The same, to be thrown on another thread. */
    RpcException again() {
        return new RpcException(code(), String.valueOf(getMessage()), detail, peer, this);
    }

    /** What the code says it is, e.g. the sealed length; 0 when it says nothing. */
    public long detail() {
        return detail;
    }

    /** Nobody listens at the address: the process is dead, and nothing of this call was carried out. */
    public boolean refused() {
        return peer == Peer.REFUSED;
    }

    /** The connection stood, but nothing came over it any more: another one to the same process would hang as well. */
    public boolean silent() {
        return peer == Peer.SILENT;
    }
}
