package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.proof.Probe;
import cairn.wire.Frame;
import cairn.wire.FrameKind;
import cairn.wire.Method;
import cairn.wire.proto.AwaitRequest;
import cairn.wire.proto.HelloRequest;
import cairn.wire.proto.MutateReply;
import cairn.wire.proto.MutateRequest;
import cairn.wire.proto.ReadReply;
import cairn.wire.proto.ReadRequest;
import cairn.wire.proto.StatRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever one peer does, a well-behaved one beside it gets its answers, and memory and threads stay under their bounds. */
class HostilePeerTest {
    private static final RpcOptions QUICK = RpcOptions.DEFAULT.slowPeerNanos(500_000_000);
    private static final int MIB = 1 << 20;

    @Test
    void one_who_trickles_hello_is_cut_off_however_often_it_sends_a_byte() throws Exception {
        try (Cell cell = new Cell(QUICK);
                HostilePeer peer = HostilePeer.stranger(cell)) {
            byte[] hello = Frame.encode(FrameKind.REQUEST, 1, 1, HostilePeer.hello(), 0);
            peer.send(java.util.Arrays.copyOf(hello, 20));
            peer.trickle(100);
            Cell.eventually("it is gone", () -> cell.server.connections() == 0);
            assertThat(cell.events).anyMatch(event -> event.startsWith("slow it has"));
        }
    }

    @Test
    void one_who_says_nothing_at_all_is_cut_off() throws Exception {
        try (Cell cell = new Cell(QUICK)) {
            HostilePeer peer = HostilePeer.stranger(cell);
            Cell.eventually(
                    "it is found", () -> cell.events.stream().anyMatch(event -> event.contains("has not said HELLO")));
            Cell.eventually("it is gone", () -> cell.server.connections() == 0);
            assertThat(cell.met).contains(Probe.CALLER_STRANGE);
            peer.close();
        }
    }

    @Test
    void before_hello_nobody_gets_memory_for_more_than_hello() throws Exception {
        try (Cell cell = new Cell()) {
            for (int bytes : new int[] {MessageLimits.HELLO_BYTES_MAX + 1, MIB}) {
                try (HostilePeer peer = HostilePeer.stranger(cell)) {
                    peer.send(HostilePeer.headerOf(Method.HELLO, bytes)); // the message itself never comes
                    Cell.eventually(
                            "it is told so",
                            () -> cell.events.stream().anyMatch(event -> event.contains("HELLO, of at most 4096")));
                    cell.events.clear();
                }
            }
        }
    }

    @Test
    void half_frames_that_promise_large_payloads_leave_room_for_others_and_are_cut_off() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.slowPeerNanos(2_000_000_000L))) {
            RpcConnection bystander = cell.connect();
            List<HostilePeer> peers = new ArrayList<>();
            for (int i = 0; i < 32; i++) { // of a pool of 64 MiB
                HostilePeer peer = HostilePeer.greeted(cell);
                peer.begin(Method.MUTATE, MutateRequest.getDefaultInstance(), 16 * MIB);
                peers.add(peer);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(cell.stat(bystander, "b" + i)).isEqualTo("b" + i);
                assertThat(cell.serverSide.pool().usedBytes()).isLessThan(65 * MIB);
            }
            Cell.eventually("they are cut off", () -> cell.server.connections() == 1);
            assertThat(cell.events).anyMatch(event -> event.contains("begun a frame and not finished it"));
            assertThat(cell.met).contains(Probe.CALLER_STALLED);
            Cell.eventually("all is given back", () -> cell.serverSide.pool().outstanding() == 0);
            mutate(cell, bystander);
            for (HostilePeer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void one_who_takes_all_it_can_of_the_payload_pool_leaves_half_of_it() throws Exception {
        try (Cell cell = new Cell();
                HostilePeer peer = HostilePeer.greeted(cell)) {
            RpcConnection bystander = cell.connect();
            for (int i = 0; i < 64; i++) {
                peer.begin(
                        Method.READ, ReadRequest.newBuilder().setLength(8 * MIB).build(), 0);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(cell.serverSide.pool().usedBytes()).isLessThanOrEqualTo(32 * MIB + 8 * MIB);
                read(cell, bystander, 4 * MIB);
                mutate(cell, bystander);
            }
        }
    }

    @Test
    void many_who_read_no_answers_do_not_stop_one_who_does() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.slowPeerNanos(1_000_000_000L))) {
            RpcConnection bystander = cell.connect();
            List<HostilePeer> peers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                HostilePeer peer = HostilePeer.greeted(cell);
                for (int call = 0; call < 3; call++) {
                    peer.call(
                            Method.READ,
                            ReadRequest.newBuilder().setLength(16 * MIB).build());
                }
                peers.add(peer);
            }
            for (int i = 0; i < 20; i++) {
                read(cell, bystander, MIB / 4);
                assertThat(cell.serverSide.pool().usedBytes()).isLessThan(66 * MIB);
            }
            Cell.eventually("all is given back", () -> cell.serverSide.pool().outstanding() == 0);
            assertThat(cell.events).anyMatch(event -> event.startsWith("slow it has taken no bytes"));
            for (HostilePeer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void without_memory_for_its_answer_a_call_is_refused() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.poolWaitNanos(50_000_000))) {
            RpcConnection connection = cell.connect();
            Payload all = cell.serverSide.pool().takeNow(16 * MIB);
            List<Payload> rest = new ArrayList<>();
            while (cell.serverSide.pool().usedBytes() < 64 * MIB) {
                rest.add(cell.serverSide.pool().takeNow(16 * MIB));
            }
            RpcException busy = org.assertj.core.api.Assertions.catchThrowableOfType(
                    RpcException.class, () -> read(cell, connection, MIB));
            assertThat(busy.code()).isEqualTo(cairn.model.ErrorCode.BUSY);
            assertThat(cell.met).contains(Probe.ANSWER_MEMORY_FULL);
            all.release();
            rest.forEach(Payload::release);
            read(cell, connection, MIB);
        }
    }

    @Test
    void requests_without_end_take_no_more_memory_than_there_is_for_them() throws Exception {
        int bound = MIB;
        try (Cell cell = new Cell(RpcOptions.DEFAULT.requestBytesMax(bound).poolWaitNanos(1_000_000));
                HostilePeer one = HostilePeer.greeted(cell);
                HostilePeer two = HostilePeer.greeted(cell)) {
            RpcConnection bystander = cell.connect();
            StatRequest large =
                    StatRequest.newBuilder().setPath("x".repeat(60_000)).build();
            for (int i = 0; i < 200; i++) {
                one.call(Method.AWAIT, large); // kept, never answered
                two.call(Method.AWAIT, AwaitRequest.getDefaultInstance());
                assertThat(cell.server.requestBytes()).isLessThanOrEqualTo(bound);
                assertThat(cell.stat(bystander, "b" + i)).isEqualTo("b" + i);
            }
            Cell.eventually("all is given back", () -> {
                for (Call call = cell.kept.poll(); call != null; call = cell.kept.poll()) {
                    call.fail(cairn.model.ErrorCode.BUSY, "enough");
                }
                return cell.server.requestBytes() == 0;
            });
            assertThat(cell.met).contains(Probe.REQUEST_MEMORY_FULL);
        }
    }

    @Test
    void calls_that_wait_leave_threads_for_others() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.blockingCallsTotalMax(16))) {
            RpcConnection bystander = cell.connect();
            List<HostilePeer> peers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                HostilePeer peer = HostilePeer.greeted(cell);
                for (int call = 0; call < 100; call++) {
                    peer.call(Method.COMMITTED, AwaitRequest.getDefaultInstance());
                }
                peers.add(peer);
            }
            Cell.eventually("threads are taken", () -> cell.server.blockingCalls() >= 10);
            for (int i = 0; i < 50; i++) {
                StatRequest request = StatRequest.newBuilder().setPath("b" + i).build();
                bystander
                        .call(Method.LIST, request)
                        .await(StatRequest.parser(), cell.in(10_000))
                        .release();
                assertThat(cell.server.blockingCalls()).isLessThanOrEqualTo(16);
            }
            assertThat(cell.met).contains(Probe.TOO_MANY_SLOW_CALLS);
            cell.waiting.release(1000);
            Cell.eventually("all have ended", () -> cell.server.blockingCalls() == 0);
            for (HostilePeer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void connections_that_never_say_hello_give_way_to_one_that_does() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.connectionsMax(8))) {
            List<HostilePeer> peers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                peers.add(HostilePeer.stranger(cell));
            }
            Cell.eventually("all places are taken", () -> cell.server.connections() == 8);
            Thread.sleep(1200);
            for (int i = 0; i < 4; i++) {
                assertThat(cell.stat(cell.connect(), "in")).isEqualTo("in");
                assertThat(cell.server.connections()).isLessThanOrEqualTo(8);
            }
            assertThat(cell.met).contains(Probe.CONNECTION_GAVE_WAY);
            for (HostilePeer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void connections_that_are_held_and_not_used_give_way_to_one_that_is() throws Exception {
        RpcOptions options = RpcOptions.DEFAULT.connectionsMax(4).idleNanos(300_000_000);
        try (Cell cell = new Cell(options)) {
            List<HostilePeer> peers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                peers.add(HostilePeer.greeted(cell));
            }
            Cell.eventually("all places are taken", () -> cell.server.connections() == 4);
            Thread.sleep(500);
            assertThat(cell.stat(cell.connect(), "in")).isEqualTo("in");
            for (HostilePeer peer : peers) {
                peer.close();
            }
        }
    }

    @Test
    void each_method_takes_messages_and_payloads_of_its_own_size_only() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            HelloRequest large =
                    HelloRequest.newBuilder().setSoftware("x".repeat(70_000)).build();
            RpcException tooLarge = org.assertj.core.api.Assertions.catchThrowableOfType(
                    RpcException.class,
                    () -> connection.call(Method.STAT, large).await(StatRequest.parser(), cell.in(10_000)));
            assertThat(tooLarge.code()).isEqualTo(cairn.model.ErrorCode.BAD_REQUEST);
            RpcException noPayload = org.assertj.core.api.Assertions.catchThrowableOfType(
                    RpcException.class,
                    () -> connection
                            .call(Method.STAT, StatRequest.getDefaultInstance(), Payload.of(ByteBuffer.allocate(1)))
                            .await(StatRequest.parser(), cell.in(10_000)));
            assertThat(noPayload).hasMessageContaining("STAT with 0 bytes of message and 1 of payload");
            assertThat(cell.met).contains(Probe.REQUEST_TOO_LARGE);
            assertThat(cell.stat(connection, "still here")).isEqualTo("still here");
        }
    }

    @Test
    void an_answer_that_no_frame_can_carry_is_an_error_for_its_caller_and_nobody_else() throws Exception {
        try (Cell cell = new Cell()) {
            RpcConnection connection = cell.connect();
            Pending pending = connection.call(Method.AWAIT, AwaitRequest.getDefaultInstance());
            Cell.eventually("the call is there", () -> !cell.kept.isEmpty());
            cell.kept
                    .remove()
                    .reply(StatRequest.newBuilder().setPath("x".repeat(2 * MIB)).build());
            RpcException tooLarge = org.assertj.core.api.Assertions.catchThrowableOfType(
                    RpcException.class, () -> pending.await(StatRequest.parser(), cell.in(10_000)));
            assertThat(tooLarge.code()).isEqualTo(cairn.model.ErrorCode.INTERNAL);
            assertThat(cell.met).contains(Probe.ANSWER_TOO_LARGE);
            assertThat(cell.stat(connection, "still here")).isEqualTo("still here");
        }
    }

    private static void mutate(Cell cell, RpcConnection connection) throws RpcException {
        connection
                .call(Method.MUTATE, MutateRequest.getDefaultInstance(), Payload.of(ByteBuffer.allocate(MIB)))
                .await(MutateReply.parser(), cell.in(10_000))
                .release();
    }

    private static void read(Cell cell, RpcConnection connection, int bytes) throws RpcException {
        ReadRequest request = ReadRequest.newBuilder().setLength(bytes).build();
        connection
                .call(Method.READ, request)
                .await(ReadReply.parser(), cell.in(10_000))
                .release();
    }
}
