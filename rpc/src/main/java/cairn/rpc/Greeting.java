package cairn.rpc;

import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.wire.Frame;
import cairn.wire.FrameException;
import cairn.wire.FrameHeader;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.GeometryMessage;
import cairn.wire.proto.HelloReply;
import cairn.wire.proto.HelloRequest;
import com.google.protobuf.InvalidProtocolBufferException;

/** The HELLO handshake: both sides speak this protocol and, where both know it, belong to the same cell. */
final class Greeting {

    private Greeting() {}

    static HelloRequest request(Hello self) {
        return HelloRequest.newBuilder()
                .setProtocolVersion(Frame.PROTOCOL_VERSION)
                .setCellId(self.cellId())
                .setSoftware(self.software())
                .setRole(self.role())
                .build();
    }

    static HelloReply reply(Hello self) {
        HelloReply.Builder reply = HelloReply.newBuilder()
                .setProtocolVersion(Frame.PROTOCOL_VERSION)
                .setCellId(self.cellId())
                .setSoftware(self.software())
                .setRole(self.role());
        Geometry geometry = self.geometry();
        if (geometry != null) {
            reply.setGeometry(GeometryMessage.newBuilder()
                    .setChunkBytes(geometry.chunkBytes())
                    .setBlockBytes(geometry.blockBytes()));
        }
        return reply.build();
    }

    /** The server's check of a connection's first frame. */
    static Peer accept(Hello self, String address, FrameHeader header, byte[] message) throws FrameException {
        boolean hello = header.kind() == FrameKind.REQUEST && header.method() == Method.HELLO.number();
        if (!hello || header.callId() == 0 || header.payloadBytes() != 0) {
            throw new FrameException(ErrorCode.BAD_PROTOCOL, "the first call of a connection must be HELLO");
        }
        HelloRequest request;
        try {
            request = HelloRequest.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new FrameException(ErrorCode.BAD_PROTOCOL, "a HELLO that cannot be read: " + e.getMessage());
        }
        checkVersion(request.getProtocolVersion(), "the caller");
        checkCell(self, request.getCellId(), "the caller");
        return new Peer(address, request.getRole(), request.getSoftware(), request.getCellId());
    }

    /** The caller's check of what the server said. */
    static void check(Hello self, HelloReply reply, String server) throws FrameException {
        checkVersion(reply.getProtocolVersion(), server);
        checkCell(self, reply.getCellId(), server);
        GeometryMessage sizes = reply.getGeometry();
        String fault = reply.hasGeometry() ? Geometry.fault(sizes.getChunkBytes(), sizes.getBlockBytes()) : "";
        if (!fault.isEmpty()) {
            throw new FrameException(ErrorCode.BAD_PROTOCOL, server + " says of its cell what cannot be: " + fault);
        }
    }

    private static void checkVersion(int version, String who) throws FrameException {
        if (version < Frame.PROTOCOL_VERSION) {
            String text = who + " speaks protocol version " + version + ", this side " + Frame.PROTOCOL_VERSION;
            throw new FrameException(ErrorCode.BAD_PROTOCOL, text);
        }
    }

    private static void checkCell(Hello self, long cellId, String who) throws FrameException {
        if (cellId != 0 && self.cellId() != 0 && cellId != self.cellId()) {
            String text = "%s belongs to cell %016x, and the %s it talks with to cell %016x; is an address mixed up?";
            throw new FrameException(
                    ErrorCode.WRONG_CELL, String.format(text, who, cellId, self.role(), self.cellId()));
        }
    }
}
