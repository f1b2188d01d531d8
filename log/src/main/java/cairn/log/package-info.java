/**
 * The operation log and its checkpoints: a record is durable here before anyone hears of it.
 *
 * <p>Records are opaque bytes with an index; what they mean is known to a {@link cairn.log.StateImage}. Start at {@link
 * cairn.log.LogStore} (what happens at a start), then {@link cairn.log.OperationLog} (group commit) and {@link
 * cairn.log.Checkpoints}. The formats are drawn in docs/formats/operation-log.md and docs/formats/checkpoint.md.
 */
@NullMarked
package cairn.log;

import org.jspecify.annotations.NullMarked;
