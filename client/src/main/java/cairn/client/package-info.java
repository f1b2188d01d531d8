/**
 * The client library: caches locations, asks the master for metadata only, moves data to and from chunkservers.
 */
@NullMarked
package cairn.client;

import org.jspecify.annotations.NullMarked;
