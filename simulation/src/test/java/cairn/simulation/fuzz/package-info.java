/**
 * Everything that reads what others wrote, given anything: {@link cairn.simulation.fuzz.FuzzTarget} lists the readers, {@link
 * cairn.simulation.fuzz.FuzzTest} gives each the corpus and some thousand inputs made from fixed seeds, and {@code ./dev fuzz}
 * searches on, led by coverage.
 */
package cairn.simulation.fuzz;
