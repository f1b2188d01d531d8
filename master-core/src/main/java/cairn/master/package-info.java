/**
 * The master's decisions, as a deterministic state machine: decide, log, apply, answer.
 *
 * <p>Pure: no clock, no I/O, no threads. If you need one, you are looking for {@code server}.
 */
@NullMarked
package cairn.master;

import org.jspecify.annotations.NullMarked;
