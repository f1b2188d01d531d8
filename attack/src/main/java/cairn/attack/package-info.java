/**
 * A cell of real processes on the real kernel, harmed on purpose (docs/attack.md). Start at {@link cairn.attack.Main}, then
 * a {@link cairn.attack.scenario.Scenario}. {@code ground} is what is attacked and with what tools, {@code load} runs in the
 * client processes, {@code judge} reads what they wrote down.
 */
@NullMarked
package cairn.attack;

import org.jspecify.annotations.NullMarked;
