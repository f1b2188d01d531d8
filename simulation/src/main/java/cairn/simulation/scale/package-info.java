/**
 * Large cells in simulation: the real master, with its log and its connections, and thousands of modelled chunkservers that speak the
 * protocol and hold sizes, no bytes (docs/scale.md).
 *
 * <p>Start at {@link cairn.simulation.scale.ScaleRunner} (the command). {@code ScalePlan} says how large; {@code Population} places the
 * chunks and writes the log that the master starts from; {@code ModelServer} is a chunkserver; {@code Ledger} is the truth about
 * all replicas, which no process knows; {@code ScaleCell} is all of them together; {@code ScaleRun} is one scenario, and
 * {@code Figures} what came of it.
 */
@NullMarked
package cairn.simulation.scale;

import org.jspecify.annotations.NullMarked;
