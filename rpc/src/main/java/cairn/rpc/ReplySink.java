package cairn.rpc;

import cairn.model.ErrorCode;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.ErrorReply;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.jspecify.annotations.Nullable;

/** Where a call's answer goes. One of the two is called, once, on the connection's reader thread. */
interface ReplySink {

    /** The payload belongs to the sink. */
    void arrived(FrameKind kind, byte[] message, Payload payload);

    void broken(RpcException why);

    /** See {@link ReplyHandler#whenNoMoreAtHand}. */
    default @Nullable Runnable whenNoMoreAtHand() {
        return null;
    }

    /** Reads an answer; the payload is released if this throws. */
    static <M extends MessageLite> Reply<M> parse(
            Method method, FrameKind kind, byte[] message, Payload payload, Parser<M> parser) throws RpcException {
        try {
            if (kind == FrameKind.REPLY) {
                return new Reply<>(parser.parseFrom(message), payload);
            }
            payload.release();
            ErrorReply error = ErrorReply.parseFrom(message);
            throw new RpcException(ErrorCode.of(error.getCode()), error.getMessage(), error.getDetail());
        } catch (InvalidProtocolBufferException e) {
            if (kind == FrameKind.REPLY) {
                payload.release();
            }
            throw new RpcException(ErrorCode.BAD_PROTOCOL, "the answer to " + method + " cannot be read: " + e, 0);
        }
    }

    /** For answers that nobody wants, such as that to a PING. */
    ReplySink NOBODY = new ReplySink() {
        @Override
        public void arrived(FrameKind kind, byte[] message, Payload payload) {
            payload.release();
        }

        @Override
        public void broken(RpcException why) {}
    };

    /** Hands the answer to a handler. */
    record Handled<M extends MessageLite>(Method method, Parser<M> parser, ReplyHandler<M> handler)
            implements ReplySink {
        @Override
        public void arrived(FrameKind kind, byte[] message, Payload payload) {
            Reply<M> reply;
            try {
                reply = parse(method, kind, message, payload, parser);
            } catch (RpcException e) {
                handler.failed(e);
                return;
            }
            handler.answered(reply);
        }

        @Override
        public @Nullable Runnable whenNoMoreAtHand() {
            return handler.whenNoMoreAtHand();
        }

        @Override
        public void broken(RpcException why) {
            handler.failed(why);
        }
    }
}
