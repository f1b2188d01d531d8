/**
 * The simulated world: a whole cell in one thread, one history for each seed.
 *
 * <p>Start at {@link cairn.simulation.Simulation}; then {@link cairn.simulation.SimNode} (a process on a host, with
 * everything that can happen to it) and {@link cairn.simulation.SimOptions} (what the world does by itself). The engine is
 * {@code SimScheduler}: unchanged production code runs on virtual threads whose scheduler is ours, so that a seeded
 * generator decides who runs next, and time is a number that moves when nobody can run.
 *
 * <p>Here is the kernel only. Cells, workloads and checkers live in packages below. Rules for code that runs inside, all
 * of them checked while it runs: locks of {@code java.util.concurrent} and never contended {@code synchronized}; no timed
 * wait but through {@link cairn.world.Time}; no thread but through {@link cairn.world.Threads}. What cannot be checked
 * here: no iteration over {@code Map.of} or {@code Set.of}, no identity hash code that decides anything, no mutable static.
 *
 * <p>Thread rule for the whole package: nothing here is locked, because only one thread runs at any time.
 */
@NullMarked
package cairn.simulation;

import org.jspecify.annotations.NullMarked;
