/** How long clients wait when servers fail, with the times of production (docs/decisions/0004). */
@NullMarked
package cairn.simulation.pause;

import org.jspecify.annotations.NullMarked;
