package cairn.model;

/** A chunk's immutable, never reused name in the cell, given by the master (GFS 2.1). Printed as 16 hex digits. */
public record ChunkHandle(long value) implements Comparable<ChunkHandle> {

    @Override
    public int compareTo(ChunkHandle other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("%016x", value);
    }
}
