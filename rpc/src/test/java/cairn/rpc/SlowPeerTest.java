package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.wire.Frame;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.AwaitReply;
import cairn.wire.proto.AwaitRequest;
import cairn.wire.proto.HelloRequest;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.ReadRequest;
import com.google.protobuf.MessageLite;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class SlowPeerTest {
    private static final int LENGTH = 1 << 20;

    @Test
    void a_peer_that_reads_no_answers_is_cut_off_and_holds_up_nobody() throws Exception {
        RpcOptions options = RpcOptions.DEFAULT.slowPeerNanos(500_000_000).sendQueueBytesMax(16 << 20);
        try (Cell cell = new Cell(options);
                Socket socket = deaf(cell)) {
            RpcConnection bystander = cell.connect();
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < 200; i++) {
                out.write(frame(
                        Method.READ,
                        2 + i,
                        ReadRequest.newBuilder().setLength(LENGTH).build()));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(cell.stat(bystander, "b" + i)).isEqualTo("b" + i);
                assertThat(cell.serverSide.pool().usedBytes()).isLessThan(8 << 20);
            }
            Cell.eventually("it is cut off", () -> cell.server.connections() == 1);
            assertThat(cell.events).anyMatch(event -> event.startsWith("slow it has taken no bytes"));
            assertThat(cell.met).contains(Probe.CALLER_READS_NOTHING);
            Cell.eventually("all is given back", () -> cell.serverSide.pool().outstanding() == 0);
        }
    }

    @Test
    void answers_from_other_threads_never_block_and_their_queue_is_bounded() throws Exception {
        RpcOptions options = RpcOptions.DEFAULT.sendQueueBytesMax(16 << 20);
        try (Cell cell = new Cell(options);
                Socket socket = deaf(cell)) {
            for (int i = 0; i < 64; i++) {
                socket.getOutputStream().write(frame(Method.AWAIT, 2 + i, AwaitRequest.getDefaultInstance()));
            }
            Cell.eventually("all are there", () -> cell.kept.size() == 64);
            long start = System.nanoTime();
            cell.kept.forEach(call -> call.reply(
                    AwaitReply.getDefaultInstance(), cell.serverSide.pool().takeNow(LENGTH)));
            assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
            Cell.eventually("it is cut off", () -> cell.server.connections() == 0);
            assertThat(cell.events).anyMatch(event -> event.startsWith("slow more than 16777216 bytes"));
            assertThat(cell.met).contains(Probe.ANSWERS_NOT_TAKEN);
            Cell.eventually("all is given back", () -> cell.serverSide.pool().outstanding() == 0);
        }
    }

    @Test
    void when_the_payload_pool_is_full_a_call_waits_and_is_then_refused_whole() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.poolWaitNanos(200_000_000))) {
            RpcConnection connection = cell.connect();
            List<Payload> all = new ArrayList<>();
            while (cell.serverSide.pool().usedBytes() < 64 << 20) {
                all.add(cell.serverSide.pool().takeNow(16 << 20));
            }
            RpcException busy = Assertions.catchThrowableOfType(RpcException.class, () -> mutate(cell, connection));
            assertThat(busy.code()).isEqualTo(ErrorCode.BUSY);
            assertThat(busy).hasMessageContaining("memory");
            assertThat(cell.met).contains(Probe.PAYLOAD_MEMORY_FULL);
            assertThat(cell.stat(connection, "no payload")).isEqualTo("no payload");
            all.forEach(Payload::release);
            mutate(cell, connection);
        }
    }

    private static void mutate(Cell cell, RpcConnection connection) throws RpcException {
        connection
                .call(Method.MUTATE, MutateRequest.getDefaultInstance(), Payload.of(ByteBuffer.allocate(LENGTH)))
                .await(MutateReply.parser(), cell.in(10_000));
    }

    private static Socket deaf(Cell cell) throws Exception {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), cell.server.address().port());
        socket.getOutputStream()
                .write(frame(
                        Method.HELLO,
                        1,
                        HelloRequest.newBuilder().setProtocolVersion(1).build()));
        return socket;
    }

    private static byte[] frame(Method method, long id, MessageLite message) {
        return Frame.encode(FrameKind.REQUEST, method.number(), id, message, 0);
    }
}
