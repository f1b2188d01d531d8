/** A whole cell of masters, chunkservers and clients in a simulated world: one seed, one history. */
@NullMarked
package cairn.simulation;

import org.jspecify.annotations.NullMarked;
