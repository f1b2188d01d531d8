package cairn.store;

import cairn.model.ChunkHandle;

/**
 * A replica whose journal is damaged: kept aside for people, never served.
 *
 * @param reason what is wrong, naming the file
 */
public record QuarantinedReplica(ChunkHandle handle, String reason) {}
