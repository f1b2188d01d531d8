/**
 * The master's decisions, as a deterministic state machine: decide, log, apply, answer.
 *
 * <p>Start at {@link cairn.master.MasterCore}; then {@link cairn.master.MasterImage} (what must survive a restart) and
 * {@link cairn.master.ClusterView} (what is learned again from chunkservers). Pure: no clock, no I/O, no threads. If
 * you need one, you are looking for {@code server}.
 */
@NullMarked
package cairn.master;

import org.jspecify.annotations.NullMarked;
