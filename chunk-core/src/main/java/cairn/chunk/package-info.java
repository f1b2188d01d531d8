/**
 * The chunk and its mutations as values: what members of a chunk tell each other and remember.
 *
 * <p>Start at {@link cairn.chunk.Mutation}; then {@link cairn.chunk.ProducerTable} (exactly once) and {@link
 * cairn.chunk.BlockSums} with {@link cairn.chunk.Crc32cCombine} (checksums that are never recomputed from unverified
 * bytes). Pure: no clock, no I/O, no threads. Bytes on a disk are the business of {@code cairn.store}.
 */
@NullMarked
package cairn.chunk;

import org.jspecify.annotations.NullMarked;
