package cairn.client;

import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.Member;

/**
 * Where units are sent: a chunk under one version, and one server.
 *
 * @param fileOffset of the chunk, in the file
 * @param member the primary; of a sealed chunk any replica
 * @param asking the chunk is sealed: units are sent to learn whether they were applied there, not to be applied
 */
record Place(ChunkLocation at, long fileOffset, Member member, boolean asking) {

    long handle() {
        return at.getHandle();
    }

    long version() {
        return at.getVersion();
    }

    int index() {
        return at.getIndex();
    }

    @Override
    public String toString() {
        return String.format("chunk %016x v%d at %s", handle(), version(), member.getAddress());
    }
}
