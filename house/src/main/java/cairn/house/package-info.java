/**
 * The rules of the house, as tests: who may depend on whom ({@code LayeringTest}), what the pure cores may not touch
 * ({@code PurityTest}), what code that runs in the simulator may not do ({@code SimulatedCodeTest}), and tidiness
 * ({@code TidyTest}). Nothing here is shipped.
 */
@NullMarked
package cairn.house;

import org.jspecify.annotations.NullMarked;
