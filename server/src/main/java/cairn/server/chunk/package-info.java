/**
 * The chunkserver: holds replicas, leads or follows their versions, serves readers. Start at {@link
 * cairn.server.chunk.ChunkServer}; then {@link cairn.server.chunk.LiveReplica} (one replica's part in its version), and
 * the duties around it: {@link cairn.server.chunk.PrimaryDuty}, {@link cairn.server.chunk.MemberDuty}, {@link
 * cairn.server.chunk.Reconciler}, {@link cairn.server.chunk.ReadDesk}. The rules are in docs/decisions/0001.
 *
 * <p>Locks: one for each replica, held for bookkeeping only, never across disk or network.
 */
@NullMarked
package cairn.server.chunk;

import org.jspecify.annotations.NullMarked;
