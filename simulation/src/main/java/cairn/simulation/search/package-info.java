/**
 * Runs many seeds, gathers what they met, and makes those that fail small enough to be understood.
 *
 * <p>Start at {@link cairn.simulation.search.SimRunner} (the command). {@code SeedSearch} runs seeds on a few threads, each in
 * a world of its own; {@code Tally} adds up what took effect and what was met; {@code Findings} holds the failures, one group
 * for each kind; {@code Shrinker} takes away from a failing run what it does not need; {@code Replay} is a run as people
 * write it: as a command, and as a line of the corpus of seeds that failed once.
 *
 * <p>This is code of the outside: it uses threads and clocks, and nothing of it runs inside a simulation.
 */
@NullMarked
package cairn.simulation.search;

import org.jspecify.annotations.NullMarked;
