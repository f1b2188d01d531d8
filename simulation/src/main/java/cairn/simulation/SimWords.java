package cairn.simulation;

import cairn.world.SharedWords;

/** Words of memory on one host. They live as long as the process that made them; a power loss ends that, too. */
final class SimWords implements SharedWords {
    private final SimNode host;
    private final Life maker;
    private final long[] words;
    private boolean closed;

    SimWords(SimNode host, Life maker, int count) {
        this.host = host;
        this.maker = maker;
        this.words = new long[count];
    }

    @Override
    public boolean has(int index) {
        return index >= 0 && index < words.length;
    }

    @Override
    public long get(int index) {
        return words[index];
    }

    @Override
    public void set(int index, long value) {
        if (host.scheduler().current().life() != maker) {
            throw new IllegalStateException(host.scheduler().current() + " sets words of " + maker);
        }
        words[index] = value;
    }

    @Override
    public boolean held() {
        host.scheduler().yieldNow();
        return maker.isAlive() && !closed;
    }

    @Override
    public void close() {
        closed |= host.scheduler().current().life() == maker;
    }
}
