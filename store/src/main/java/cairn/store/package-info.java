/**
 * The chunk store: one file for each replica on a plain local file system, with checksums and metadata beside the
 * data.
 */
@NullMarked
package cairn.store;

import org.jspecify.annotations.NullMarked;
