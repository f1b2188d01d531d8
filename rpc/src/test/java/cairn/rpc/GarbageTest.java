package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.wire.Frame;
import cairn.wire.FrameHeader;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.Empty;
import cairn.wire.proto.ErrorReply;
import cairn.wire.proto.HelloRequest;
import cairn.wire.proto.StatRequest;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GarbageTest {
    private static final byte[] HELLO = frame(
            Method.HELLO.number(),
            HelloRequest.newBuilder().setProtocolVersion(1).setCellId(Cell.ID).build());
    private static final byte[] STAT = frame(Method.STAT.number(), StatRequest.getDefaultInstance());

    @Test
    void whoever_speaks_another_protocol_is_told_so_and_cut_off() throws Exception {
        assertCutOff(
                "GET / HTTP/1.1\r\nHost: cairn\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                ErrorCode.BAD_PROTOCOL,
                "no frame");
        assertCutOff(changed(HELLO, 2, (byte) 9), ErrorCode.BAD_PROTOCOL, "version 9");
        assertCutOff(STAT, ErrorCode.BAD_PROTOCOL, "must be HELLO");
        assertCutOff(
                frame(1, HelloRequest.newBuilder().setCellId(Cell.ID).build()),
                ErrorCode.BAD_PROTOCOL,
                "protocol version 0");
        assertCutOff(
                frame(
                        1,
                        HelloRequest.newBuilder()
                                .setProtocolVersion(1)
                                .setCellId(0x99)
                                .build()),
                ErrorCode.WRONG_CELL,
                "0000000000000099");
    }

    @Test
    void broken_frames_behind_a_good_hello_are_cut_off_too() throws Exception {
        assertCutOff(both(changed(STAT, 3, (byte) 7)), ErrorCode.BAD_REQUEST, "unknown kind 7");
        assertCutOff(both(changed(STAT, 3, (byte) 2)), ErrorCode.BAD_REQUEST, "damaged");
        assertCutOff(both(changed(STAT, 7, (byte) 1)), ErrorCode.BAD_REQUEST, "flags");
        assertCutOff(both(changed(STAT, 16, (byte) 0xFF)), ErrorCode.BAD_REQUEST, "message of 4278190080 bytes");
        assertCutOff(both(changed(STAT, 20, (byte) 0x7F)), ErrorCode.BAD_REQUEST, "payload of 2130706432 bytes");
        assertCutOff(both(changed(STAT, 27, (byte) 0x55)), ErrorCode.BAD_REQUEST, "damaged");
        assertCutOff(both(changed(STAT, 15, (byte) 0x55)), ErrorCode.BAD_REQUEST, "damaged");
        assertCutOff(both(HELLO), ErrorCode.BAD_REQUEST, "no place here");
    }

    @Test
    void random_bytes_and_frames_cut_short_disturb_nobody_else() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection bystander = cell.connect();
            Random random = new Random(1);
            for (int i = 0; i < 200; i++) {
                byte[] bytes = random.nextBoolean() ? both(STAT) : HELLO.clone();
                if (random.nextBoolean()) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                try (Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), cell.server.address().port())) {
                    socket.getOutputStream().write(bytes, 0, random.nextInt(bytes.length));
                }
                assertThat(cell.stat(bystander, "b" + i)).isEqualTo("b" + i);
            }
            Cell.eventually("the others are gone", () -> cell.server.connections() == 1);
            assertThat(cell.serverSide.pool().outstanding()).isZero();
        }
    }

    @Test
    void a_method_of_the_future_and_a_message_that_cannot_be_read_are_refused_but_not_cut_off() throws Exception {
        try (Cell cell = new Cell();
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), cell.server.address().port())) {
            socket.getOutputStream().write(HELLO);
            socket.getOutputStream().write(frame(99, Empty.getDefaultInstance()));
            socket.getOutputStream()
                    .write(frame(
                            Method.STAT.number(),
                            HelloRequest.newBuilder().setCellId(7).build()));
            byte[] bad = Frame.encode(
                    FrameKind.REQUEST,
                    Method.STAT.number(),
                    5,
                    StatRequest.newBuilder().setPath("abc").build(),
                    0);
            socket.getOutputStream().write(resum(bad, Frame.HEADER_BYTES + 1, (byte) 100));
            socket.getOutputStream().write(STAT);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertThat(readFrame(in).kind()).isEqualTo(FrameKind.REPLY);
            assertThat(readFrame(in).kind()).isEqualTo(FrameKind.ERROR);
            assertThat(readFrame(in).kind()).isEqualTo(FrameKind.REPLY); // an unknown field is skipped
            assertThat(readFrame(in).kind()).isEqualTo(FrameKind.ERROR);
            assertThat(readFrame(in).kind()).isEqualTo(FrameKind.REPLY);
        }
    }

    @Test
    void a_connection_too_many_is_told_so() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.connectionsMax(1))) {
            RpcConnection first = cell.connect();
            RpcException busy = catchThrowableOfType(RpcException.class, cell::connect);
            assertThat(busy.code()).isEqualTo(ErrorCode.BUSY);
            assertThat(busy).hasMessageContaining("too many connections (1)");
            assertThat(cell.events).anyMatch(event -> event.startsWith("refused too many connections"));
            assertThat(cell.met).contains(Probe.TOO_MANY_CONNECTIONS, Probe.TURNED_AWAY);
            first.close();
            Cell.eventually("the first is gone", () -> cell.server.connections() == 0);
            assertThat(cell.stat(cell.connect(), "room")).isEqualTo("room");
        }
    }

    @Test
    void a_caller_of_another_cell_learns_why_it_is_refused() throws Exception {
        try (Cell cell = new Cell()) {
            Endpoint stranger = new Endpoint(
                    cell.world,
                    () -> new Hello(0x99, "test", "client"),
                    cell.clientSide.pool(),
                    RpcOptions.DEFAULT,
                    RpcEvents.NONE);
            RpcException wrong = catchThrowableOfType(
                    RpcException.class, () -> RpcConnection.connect(stranger, cell.server.address(), cell.in(5_000)));
            assertThat(wrong.code()).isEqualTo(ErrorCode.WRONG_CELL);
            assertThat(wrong).hasMessageContaining("0000000000001234");
        }
    }

    private static void assertCutOff(byte[] bytes, ErrorCode code, String says) throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection bystander = cell.connect();
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), cell.server.address().port())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(bytes);
                ErrorReply error = lastWords(new DataInputStream(socket.getInputStream()));
                assertThat(ErrorCode.of(error.getCode())).isEqualTo(code);
                assertThat(error.getMessage()).contains(says);
            }
            assertThat(cell.stat(bystander, "fine")).isEqualTo("fine");
            assertThat(cell.events).anyMatch(event -> event.startsWith("protocol") && event.contains(says));
            assertThat(cell.met).contains(Probe.REQUEST_MALFORMED);
        }
    }

    private static ErrorReply lastWords(DataInputStream in) throws IOException {
        List<FrameHeader> seen = new ArrayList<>();
        while (true) {
            FrameHeader header = readHeader(in);
            byte[] message = in.readNBytes(header.messageBytes());
            header.verify(message);
            if (header.callId() == 0) {
                assertThat(header.kind()).isEqualTo(FrameKind.ERROR);
                return ErrorReply.parseFrom(message);
            }
            seen.add(header);
            assertThat(seen).hasSizeLessThan(3);
        }
    }

    private static FrameHeader readFrame(DataInputStream in) throws IOException {
        FrameHeader header = readHeader(in);
        header.verify(in.readNBytes(header.messageBytes()));
        return header;
    }

    private static FrameHeader readHeader(DataInputStream in) throws IOException {
        byte[] header = in.readNBytes(Frame.HEADER_BYTES);
        if (header.length < Frame.HEADER_BYTES) {
            throw new EOFException("cut off after " + header.length + " bytes");
        }
        return Frame.decode(ByteBuffer.wrap(header));
    }

    private static byte[] frame(int method, com.google.protobuf.MessageLite message) {
        return Frame.encode(FrameKind.REQUEST, method, 77, message, 0);
    }

    private static byte[] both(byte[] second) {
        byte[] bytes = new byte[HELLO.length + second.length];
        System.arraycopy(HELLO, 0, bytes, 0, HELLO.length);
        System.arraycopy(second, 0, bytes, HELLO.length, second.length);
        return bytes;
    }

    private static byte[] changed(byte[] frame, int at, byte to) {
        byte[] copy = frame.clone();
        copy[at] = to;
        return copy;
    }

    /** Changes a byte of the message and mends the checksum. */
    private static byte[] resum(byte[] frame, int at, byte to) {
        UnaryOperator<byte[]> mend = bytes -> {
            java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
            sum.update(bytes, 0, 24);
            sum.update(bytes, Frame.HEADER_BYTES, bytes.length - Frame.HEADER_BYTES);
            ByteBuffer.wrap(bytes).putInt(24, (int) sum.getValue());
            return bytes;
        };
        return mend.apply(changed(frame, at, to));
    }
}
