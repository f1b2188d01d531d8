/**
 * The rules of the house, as tests: who may depend on whom ({@link cairn.house.LayeringTest}), what the pure cores may
 * not touch ({@link cairn.house.PurityTest}), what code that runs in the simulator may not do ({@link
 * cairn.house.SimulatedCodeTest}), and tidiness ({@link cairn.house.TidyTest}). Nothing here is shipped.
 */
@NullMarked
package cairn.house;

import org.jspecify.annotations.NullMarked;
