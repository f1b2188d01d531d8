/**
 * What a replica of a chunk may do and must refuse, as a deterministic state machine.
 *
 * <p>Pure: no clock, no I/O, no threads. If you need one, you are looking for {@code store}.
 */
@NullMarked
package cairn.chunk;

import org.jspecify.annotations.NullMarked;
