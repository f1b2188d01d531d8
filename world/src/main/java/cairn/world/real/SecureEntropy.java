package cairn.world.real;

import cairn.world.Entropy;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/** A fast generator with a seed from the system. Not for secrets. */
final class SecureEntropy implements Entropy {
    private final ReentrantLock lock = new ReentrantLock();
    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

    @Override
    public long nextLong() {
        lock.lock();
        try {
            return random.nextLong();
        } finally {
            lock.unlock();
        }
    }
}
