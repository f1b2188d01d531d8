package cairn.world.real;

import cairn.model.proof.Witness;
import cairn.world.Threads;
import cairn.world.World;

/** Makes the {@link World} of a real process. Everything in it works on platform and on virtual threads. */
public final class RealWorld {

    private RealWorld() {}

    /** For a library inside somebody else's process: platform threads, and an {@code Error} ends its thread only. */
    public static World create() {
        return create(new PlatformThreads(ErrorPolicy.REPORT));
    }

    /** For a process of our own, which brings its threads. */
    public static World create(Threads threads) {
        return new World(
                new SystemTime(), threads, new TcpNetwork(), new LocalDisks(), new SecureEntropy(), Witness.NOBODY);
    }
}
