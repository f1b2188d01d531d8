package cairn.rpc;

import cairn.model.Limits;
import cairn.wire.Method;
import cairn.wire.proto.ReadRequest;
import com.google.protobuf.MessageLite;

/**
 * How large the parts of a frame may be for each method. A parsed message takes many times the memory of its bytes, so each
 * method gets what it needs and no more. Stateless.
 */
final class MessageLimits {
    /** The only message that is read from a peer that has not said who it is. */
    static final int HELLO_BYTES_MAX = 4 << 10;

    /** Most requests: two paths, names, a chain of members. */
    static final int REQUEST_BYTES_MAX = 64 << 10;

    /** Requests with a sum for each piece of a payload, and an entry for each record in it. */
    static final int MUTATION_BYTES_MAX = 256 << 10;

    private MessageLimits() {}

    /** The largest message of a request. */
    static int ofRequest(Method method) {
        return switch (method) {
            case HELLO, PING -> HELLO_BYTES_MAX;
            case REPLICAS, HEARTBEAT, DROP -> Limits.MESSAGE_BYTES_MAX;
            case MUTATE, REPLICATE, REPAIR -> MUTATION_BYTES_MAX;
            default -> REQUEST_BYTES_MAX;
        };
    }

    /** The largest payload of a request. */
    static int payloadOfRequest(Method method) {
        return switch (method) {
            case MUTATE, REPLICATE, REPAIR, ESTABLISH -> Limits.PAYLOAD_BYTES_MAX;
            default -> 0;
        };
    }

    /** The largest payload of the answer to this request. */
    static int payloadOfReply(Method method, MessageLite request) {
        if (request instanceof ReadRequest read) {
            return Math.max(0, read.getLength());
        }
        return method == Method.SUMS || method == Method.STATE || method == Method.PERMIT
                ? Limits.PAYLOAD_BYTES_MAX
                : 0;
    }
}
