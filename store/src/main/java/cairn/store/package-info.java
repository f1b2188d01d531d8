/**
 * The chunk store: one raw data file for each replica on a plain local file system, and a journal of its metadata
 * beside
 * it (docs/formats/chunk-store.md).
 *
 * <p>Start at {@link cairn.store.ChunkStore}, then {@link cairn.store.Replica}. Everything public is thread-safe; the
 * only order that callers must provide is that of the mutations of one replica. What crashed writes leave behind is the
 * business of {@code ReplicaLoader}. No clocks and no threads of its own, no network; disks are reached through {@link
 * cairn.world.Disk} only.
 */
@NullMarked
package cairn.store;

import org.jspecify.annotations.NullMarked;
