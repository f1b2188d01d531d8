package cairn.world.real;

import cairn.world.Threads;

/** A platform daemon thread for each body. */
public final class PlatformThreads implements Threads {
    private final ErrorPolicy policy;

    public PlatformThreads(ErrorPolicy policy) {
        this.policy = policy;
    }

    @Override
    public void start(String name, Runnable body) {
        Thread thread = new Thread(policy.guard(body), name);
        thread.setDaemon(true);
        thread.start();
    }
}
