/**
 * Whole cells in the simulated world: production code of master, chunkservers and clients, faults, workloads, and
 * checkers of what the workloads saw.
 *
 * <p>Start at {@link cairn.simulation.cell.SeedRun} (the life of one seed). A seed draws
 * a {@code CellPlan}; {@code SimulatedCell} starts it; {@code Storm} does harm; each {@code Workload} records what it did and
 * judges it in the end, with the judges of {@code cairn.simulation.check} and with
 * {@code ReplicaSurvey}, which looks at the disks.
 *
 * <p>Many seeds, and what becomes of those that fail: {@link cairn.simulation.search}.
 *
 * <p>Thread rule as in the kernel: nothing is locked, because only one thread runs at any time.
 */
@NullMarked
package cairn.simulation.cell;

import org.jspecify.annotations.NullMarked;
