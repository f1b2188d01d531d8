/** The master and chunkserver processes: thin shells of plain blocking code around the pure cores. */
@NullMarked
package cairn.server;

import org.jspecify.annotations.NullMarked;
