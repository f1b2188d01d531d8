package cairn.attack.load;

import cairn.client.Cairn;
import cairn.client.ClientOptions;
import cairn.model.CairnException;
import cairn.model.ServerAddress;
import cairn.world.real.RealWorld;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How the clients of an attack connect. */
final class Connection {

    /** Longer than any harm lasts: a call that ends without an answer is a finding. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_MILLIS = 50;

    private Connection() {}

    /** Connects, however long the master is away, up to a minute. */
    static Cairn open(String master, String user) throws CairnException {
        ClientOptions options =
                ClientOptions.DEFAULTS.withOperationTimeout(TIMEOUT).withCaller(user, "attack");
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                return Cairn.connect(List.of(ServerAddress.parse(master)), options, RealWorld.create());
            } catch (CairnException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Pace.sleepMillis(PAUSE_MILLIS);
            }
        }
    }
}
