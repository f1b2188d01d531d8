/**
 * The bare moves: what a storage system cannot do without, over plain sockets and files. Servers in a chain, checksums at
 * each end, no metadata but the directory of the first server, no failure handling at all.
 */
@NullMarked
package cairn.bench.raw;

import org.jspecify.annotations.NullMarked;
