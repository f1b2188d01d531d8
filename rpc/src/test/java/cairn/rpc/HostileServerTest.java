package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.Frame;
import cairn.wire.FrameHeader;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.GeometryMessage;
import cairn.wire.proto.HelloReply;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A server that lies or stalls fails the calls that were made to it, in time, and takes no memory. */
class HostileServerTest {
    private static final RpcOptions QUICK = RpcOptions.DEFAULT.slowPeerNanos(500_000_000);

    private static final HelloReply HELLO =
            HelloReply.newBuilder().setProtocolVersion(1).build();
    private static final int MIB = 1 << 20;

    /** What the server does when it has got one request behind HELLO. */
    private interface Answer {
        void give(FrameHeader request, OutputStream out) throws IOException;
    }

    @Test
    void an_answer_to_a_call_that_was_never_made_ends_the_connection() throws Exception {
        RpcException problem = failure(Probe.ANSWER_UNASKED, (request, out) -> {
            out.write(frame(FrameKind.REPLY, request.method(), request.callId() + 7, 16 << 20));
            out.write(new byte[1 << 20]);
        });
        assertThat(problem).hasMessageContaining("answers nothing");
    }

    @Test
    void more_bytes_than_were_asked_for_end_the_connection_before_they_are_taken() throws Exception {
        RpcException problem = failure(
                Probe.ANSWER_UNASKED,
                (request, out) -> out.write(frame(FrameKind.REPLY, request.method(), request.callId(), 16 << 20)));
        assertThat(problem).hasMessageContaining("answered READ with 16777216 bytes; at most 1000 were asked for");
    }

    @Test
    void an_error_with_a_payload_and_an_answer_to_another_method_end_the_connection() throws Exception {
        assertThat(failure(
                        Probe.ANSWER_UNASKED,
                        (request, out) -> out.write(frame(FrameKind.ERROR, request.method(), request.callId(), 5))))
                .hasMessageContaining("at most 0 were asked for");
        assertThat(failure(
                        Probe.ANSWER_UNASKED,
                        (request, out) -> out.write(frame(FrameKind.REPLY, Method.STAT.number(), request.callId(), 0))))
                .hasMessageContaining("answered READ as method " + Method.STAT.number());
    }

    @Test
    void half_an_answer_and_a_trickle_of_bytes_is_found_out() throws Exception {
        RpcException problem = failure(Probe.SERVER_STALLED, (request, out) -> {
            out.write(frame(FrameKind.REPLY, request.method(), request.callId(), 1000));
            try {
                for (int i = 0; i < 900; i++) { // each byte a sign of life
                    out.write(0);
                    Thread.sleep(50);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(problem.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(problem).hasMessageContaining("begun an answer and not finished it");
    }

    @Test
    void what_is_no_frame_ends_the_connection() throws Exception {
        byte[] page = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(failure(Probe.ANSWER_MALFORMED, (request, out) -> out.write(page)))
                .hasMessageContaining("no frame");
    }

    @Test
    void one_that_takes_no_bytes_is_found_out_by_whoever_sends_to_it() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Cell cell = new Cell(QUICK);
                ServerSocket listening = listen()) {
            cell.world.threads().start("deaf", () -> serve(listening, HELLO, (request, out) -> hold(over)));
            RpcConnection connection = RpcConnection.connect(cell.clientSide, address(listening), cell.in(10_000));
            Pending first = mutate(connection);
            RpcException problem = catchThrowableOfType(RpcException.class, () -> {
                for (int i = 0; i < 16; i++) {
                    mutate(connection);
                }
                first.await(MutateReply.parser(), cell.in(10_000));
            });
            assertThat(problem.code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(problem).hasMessageContaining("has taken no bytes");
            assertThat(cell.met).contains(Probe.SERVER_READS_NOTHING).doesNotContain(Probe.SERVER_STALLED);
            over.countDown();
        }
    }

    @Test
    void calls_that_must_not_wait_are_queued_for_it_up_to_a_bound() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Cell cell = new Cell(RpcOptions.DEFAULT.sendQueueBytesMax(MIB));
                ServerSocket listening = listen()) {
            cell.world
                    .threads()
                    .start(
                            "deaf",
                            () -> serve(listening, HELLO, (request, out) -> {
                                out.write(frame(FrameKind.REPLY, request.method(), request.callId(), 0));
                                hold(over);
                            }));
            RpcConnection connection = RpcConnection.connect(cell.clientSide, address(listening), cell.in(10_000));
            Flood flood = new Flood(connection);
            connection.callAsync(
                    Method.READ,
                    ReadRequest.newBuilder().setLength(1000).build(),
                    Payload.empty(),
                    ReadReply.parser(),
                    flood);
            Cell.eventually("it is cut off", connection::closed);
            Cell.eventually("every call has its end", () -> flood.failed.get() == flood.sent.get());
            assertThat(cell.events).anyMatch(event -> event.startsWith("slow more than 1048576 bytes wait for it"));
            assertThat(cell.met).contains(Probe.CALLS_NOT_TAKEN);
            over.countDown();
        }
    }

    /** Calls from the connection's own thread, as a chain does: it may not block there. */
    private static final class Flood implements ReplyHandler<ReadReply> {
        private final RpcConnection connection;
        final AtomicInteger sent = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();

        Flood(RpcConnection connection) {
            this.connection = connection;
        }

        @Override
        public void answered(Reply<ReadReply> reply) {
            reply.release();
            try {
                while (true) {
                    sent.incrementAndGet();
                    connection.callAsync(
                            Method.MUTATE,
                            MutateRequest.getDefaultInstance(),
                            Payload.of(ByteBuffer.allocate(MIB)),
                            ReadReply.parser(),
                            this);
                }
            } catch (RpcException e) {
                sent.decrementAndGet(); // refused: nothing was sent
            }
        }

        @Override
        public void failed(RpcException problem) {
            failed.incrementAndGet();
        }
    }

    private static Pending mutate(RpcConnection connection) throws RpcException {
        return connection.call(
                Method.MUTATE, MutateRequest.getDefaultInstance(), Payload.of(ByteBuffer.allocate(2 * MIB)));
    }

    private static void hold(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void requests_from_a_server_end_the_connection() throws Exception {
        assertThat(failure(
                        Probe.ANSWER_UNASKED,
                        (request, out) -> out.write(frame(FrameKind.REQUEST, request.method(), request.callId(), 0))))
                .hasMessageContaining("answers nothing: REQUEST");
    }

    @Test
    void sizes_that_no_cell_has_are_refused_at_hello() throws Exception {
        for (int[] sizes : new int[][] {{-1, 4}, {64, 0}, {100, 7}, {1 << 30, 1 << 10}, {64, 64}}) {
            GeometryMessage geometry = GeometryMessage.newBuilder()
                    .setChunkBytes(sizes[0])
                    .setBlockBytes(sizes[1])
                    .build();
            HelloReply hello = HelloReply.newBuilder()
                    .setProtocolVersion(1)
                    .setGeometry(geometry)
                    .build();
            try (Cell cell = new Cell();
                    ServerSocket listening = listen()) {
                cell.world.threads().start("liar", () -> serve(listening, hello, (request, out) -> {}));
                RpcException problem = catchThrowableOfType(
                        RpcException.class,
                        () -> RpcConnection.connect(cell.clientSide, address(listening), cell.in(10_000)));
                assertThat(problem.code()).isEqualTo(ErrorCode.BAD_PROTOCOL);
                assertThat(Geometry.fault(sizes[0], sizes[1])).isNotEmpty();
            }
        }
    }

    private static RpcException failure(Probe met, Answer answer) throws Exception {
        try (Cell cell = new Cell(QUICK);
                ServerSocket listening = listen()) {
            cell.world.threads().start("liar", () -> serve(listening, HELLO, answer));
            RpcConnection connection = RpcConnection.connect(cell.clientSide, address(listening), cell.in(10_000));
            Pending pending = connection.call(
                    Method.READ, ReadRequest.newBuilder().setLength(1000).build());
            RpcException problem =
                    catchThrowableOfType(RpcException.class, () -> pending.await(ReadReply.parser(), cell.in(10_000)));
            Cell.eventually("all is given back", () -> cell.clientSide.pool().outstanding() == 0);
            assertThat(connection.closed()).isTrue();
            assertThat(cell.met).contains(met).doesNotContain(Probe.SERVER_READS_NOTHING);
            return problem;
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static ServerAddress address(ServerSocket listening) {
        return new ServerAddress("127.0.0.1", listening.getLocalPort());
    }

    private static void serve(ServerSocket listening, HelloReply hello, Answer answer) {
        try (Socket socket = listening.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            FrameHeader greeting = read(in);
            byte[] reply = Frame.encode(FrameKind.REPLY, greeting.method(), greeting.callId(), hello, 0);
            socket.getOutputStream().write(reply);
            answer.give(read(in), socket.getOutputStream());
            in.readAllBytes();
        } catch (IOException e) {
            // it was cut off, as it should be
        }
    }

    private static FrameHeader read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[Frame.HEADER_BYTES];
        in.readFully(bytes);
        FrameHeader header = Frame.decode(ByteBuffer.wrap(bytes));
        in.readNBytes(header.messageBytes());
        return header;
    }

    private static byte[] frame(FrameKind kind, int method, long id, int payloadBytes) {
        return Frame.encode(kind, method, id, ReadReply.getDefaultInstance(), payloadBytes);
    }
}
