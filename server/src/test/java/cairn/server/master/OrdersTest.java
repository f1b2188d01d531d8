package cairn.server.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.master.Effect;
import cairn.master.MasterInput;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.world.World;
import cairn.world.real.RealWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** docs/decisions/0004: what an order that failed says about its server. */
final class OrdersTest {
    private static final int RESETS = 5;

    private final World world = RealWorld.create();
    private final BlockingQueue<MasterInput> ended = new LinkedBlockingQueue<>();
    private final Orders orders = new Orders(
            world,
            Endpoint.of(world, () -> new Hello(0, "test", "master")),
            MasterOptions.of("unused", new ServerAddress("127.0.0.1", 0)),
            ended::add);

    @AfterEach
    void close() {
        orders.close();
    }

    private MasterInput.Failure prepareAt(int port) throws InterruptedException {
        Effect.Target target = new Effect.Target(new ServerId(1), "127.0.0.1:" + port);
        orders.carry(new Effect.Prepare(target, new ChunkHandle(1), new ChunkVersion(2), false, List.of()));
        MasterInput.PrepareFailed failed = (MasterInput.PrepareFailed) ended.poll(20, TimeUnit.SECONDS);
        assertThat(failed).isNotNull();
        return failed.failure();
    }

    /** As a kernel does that closes one after the other what a killed process had open. */
    private static void resetSomeThenClose(ServerSocket listening, int resets) {
        try (listening) {
            for (int i = 0; i < resets; i++) {
                Socket accepted = listening.accept();
                accepted.setSoLinger(true, 0);
                accepted.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_process_is_known_to_be_dead_although_its_kernel_took_connections_for_a_while_longer() throws Exception {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread kernel = Thread.ofPlatform().start(() -> resetSomeThenClose(listening, RESETS));
        assertThat(prepareAt(listening.getLocalPort()).processDead()).isTrue();
        kernel.join();
    }

    @Test
    void a_process_whose_connections_are_reset_again_and_again_may_be_alive() throws Exception {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread kernel = Thread.ofPlatform().daemon().start(() -> resetSomeThenClose(listening, 1_000_000));
        assertThat(prepareAt(listening.getLocalPort()).processDead()).isFalse();
        assertThat(kernel.isAlive()).isTrue();
    }
}
