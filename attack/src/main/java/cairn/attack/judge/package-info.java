/** Reads histories while they grow, and judges them with the checkers of the simulator. */
@NullMarked
package cairn.attack.judge;

import org.jspecify.annotations.NullMarked;
