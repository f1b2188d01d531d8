/**
 * The five doors to the outside: time, threads, network, disk, entropy.
 *
 * <p>Everything that waits, talks, stores or draws goes through a {@link cairn.world.World}; the real one is in {@code
 * cairn.world.real}, the simulated one in the simulation module. Code above may use locks and conditions of {@code
 * java.util.concurrent} freely, but never a timed wait of the JDK's own and never {@code synchronized} (see
 * docs/decisions/0002).
 */
@NullMarked
package cairn.world;

import org.jspecify.annotations.NullMarked;
