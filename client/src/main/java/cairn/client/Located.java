package cairn.client;

import cairn.wire.proto.ChunkLocation;

/**
 * A chunk in its place in a file, as the master described it.
 *
 * @param offset of its first byte in the file
 * @param length bytes: exact when sealed or not the last; of an open last chunk unknown (-1)
 * @param last whether no chunk followed it then
 * @param seenNanos when
 */
record Located(ChunkLocation at, long offset, long length, boolean last, long seenNanos) {

    long handle() {
        return at.getHandle();
    }

    int index() {
        return at.getIndex();
    }

    /** Behind its last byte in the file; of an open last chunk nobody knows. */
    long end() {
        return length < 0 ? Long.MAX_VALUE : offset + length;
    }

    boolean holds(long fileOffset) {
        return fileOffset >= offset && fileOffset < end();
    }

    Located with(ChunkLocation newer) {
        long newLength = newer.getSealed() ? newer.getLength() : last ? -1 : length;
        return new Located(newer, offset, newLength, last, seenNanos);
    }
}
