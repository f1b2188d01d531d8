package cairn.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ServerAddress;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.AwaitRequest;
import cairn.world.Connection;
import cairn.world.Listener;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a server has of everything it has a limit for, and what becomes of those beyond it. */
class ServerLimitsTest {

    @Test
    void calls_beyond_the_limit_of_a_connection_are_refused_and_those_before_are_kept() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.callsMax(4));
                HostilePeer peer = HostilePeer.greeted(cell)) {
            for (int i = 0; i < 6; i++) { // a well-behaved caller would wait after the fourth
                peer.call(Method.AWAIT, AwaitRequest.getDefaultInstance());
            }
            Cell.eventually("the fifth is refused", () -> cell.met.contains(Probe.TOO_MANY_CALLS));
            assertThat(cell.kept).hasSize(4);
            assertThat(cell.stat(cell.connect(), "others")).isEqualTo("others");
        }
    }

    @Test
    void a_caller_that_sends_nothing_for_very_long_is_forgotten() throws Exception {
        try (Cell cell = new Cell(RpcOptions.DEFAULT.idleNanos(50_000_000));
                HostilePeer peer = HostilePeer.greeted(cell)) {
            peer.call(Method.STAT, AwaitRequest.getDefaultInstance());
            Cell.eventually("it is there", () -> cell.server.connections() == 1);
            Cell.eventually("it is gone", () -> cell.server.connections() == 0);
            assertThat(cell.met).contains(Probe.CALLER_SILENT);
            assertThat(cell.events).as("it did nothing wrong").isEmpty();
        }
    }

    @Test
    void a_connection_that_cannot_be_accepted_for_want_of_descriptors_is_accepted_a_little_later() throws Exception {
        try (Cell cell = new Cell()) {
            Listener real = cell.world.network().listen(new ServerAddress("127.0.0.1", 0));
            AtomicInteger failures = new AtomicInteger(2);
            Listener lacking = new Listener() {
                @Override
                public Connection accept() throws IOException {
                    if (failures.getAndDecrement() > 0) {
                        throw new IOException("Too many open files");
                    }
                    return real.accept();
                }

                @Override
                public ServerAddress address() {
                    return real.address();
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
            RpcServer server = RpcServer.start(cell.serverSide, lacking, cell.service());
            RpcConnection connection = RpcConnection.connect(cell.clientSide, server.address(), cell.in(10_000));
            assertThat(cell.stat(connection, "late")).isEqualTo("late");
            assertThat(cell.met).contains(Probe.ACCEPT_FAILED);
            assertThat(cell.events).contains("refused accept failed: Too many open files");
            connection.close();
            server.close();
        }
    }
}
