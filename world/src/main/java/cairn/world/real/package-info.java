/**
 * The real world: the JDK's clocks, threads, sockets and files behind the ports of {@link cairn.world}. Start at {@link
 * cairn.world.real.RealWorld}. The only package besides the tools that may name {@code java.nio.channels}.
 */
@NullMarked
package cairn.world.real;

import org.jspecify.annotations.NullMarked;
