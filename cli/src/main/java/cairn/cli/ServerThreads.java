package cairn.cli;

import cairn.world.Threads;
import cairn.world.real.ErrorPolicy;

/** A virtual thread for each body; an {@code Error} in one stops the process, because memory may be wrong then. */
final class ServerThreads implements Threads {

    @Override
    public void start(String name, Runnable body) {
        Thread.ofVirtual().name(name).start(ErrorPolicy.HALT.guard(body));
    }
}
