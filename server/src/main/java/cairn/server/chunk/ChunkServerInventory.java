package cairn.server.chunk;

/**
 * What a chunkserver has under way at one moment. Of one that nobody uses, all but connections and replicas are 0; what
 * stays otherwise has been lost.
 *
 * @param connections that others have made to it
 * @param payloads buffers lent and not yet given back
 * @param waiting mutations that this server leads and that are not committed, calls that wait for them or for a seal
 * @param copies replicas being copied from elsewhere
 * @param files being read or written
 * @param replicas held
 */
public record ChunkServerInventory(int connections, int payloads, int waiting, int copies, int files, int replicas) {}
