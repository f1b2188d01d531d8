/** Small cells of modelled chunkservers: that every scenario ends well, and keeps the limits. */
@NullMarked
package cairn.simulation.scale;

import org.jspecify.annotations.NullMarked;
