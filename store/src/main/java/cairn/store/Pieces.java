package cairn.store;

/** A range of a chunk, cut where checksum blocks begin: the pieces that the protocol sums one by one. */
final class Pieces {
    private Pieces() {}

    /** How many pieces {@code bytes} bytes at {@code offset} have. */
    static int count(long offset, int bytes, int blockBytes) {
        return bytes == 0 ? 0 : (int) ((offset + bytes - 1) / blockBytes - offset / blockBytes) + 1;
    }

    /** Where piece {@code index} begins, relative to the range. */
    static int begin(int index, long offset, int blockBytes) {
        return index == 0 ? 0 : (int) ((offset / blockBytes + index) * blockBytes - offset);
    }

    /** Where piece {@code index} ends, relative to the range. */
    static int end(int index, long offset, int bytes, int blockBytes) {
        return Math.min(bytes, begin(index + 1, offset, blockBytes));
    }
}
