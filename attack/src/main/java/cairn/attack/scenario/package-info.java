/** One class for each kind of harm. {@link cairn.attack.scenario.Scenarios} lists them. */
@NullMarked
package cairn.attack.scenario;

import org.jspecify.annotations.NullMarked;
