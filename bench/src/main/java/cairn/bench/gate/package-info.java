/**
 * The performance gate ({@code ./dev gate}, docs/bench.md): fails when this build costs more than another one, or more than the
 * counts that are written down. Start at {@link cairn.bench.gate.GateMain}; {@link cairn.bench.gate.Comparison} compares CPU time with
 * another build, {@link cairn.bench.gate.Counting} counts calls and bytes.
 */
@NullMarked
package cairn.bench.gate;

import org.jspecify.annotations.NullMarked;
