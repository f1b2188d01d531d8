package cairn.model;

/** A chunkserver's name in the cell, given at its first registration and kept on its disks. Starts at 1. */
public record ServerId(long value) implements Comparable<ServerId> {

    @Override
    public int compareTo(ServerId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("s%d", value);
    }
}
