package cairn.model;

/** The fence of a chunk: each number stands for one fixed set of members (docs/architecture.md). Starts at 1. */
public record ChunkVersion(long value) implements Comparable<ChunkVersion> {

    @Override
    public int compareTo(ChunkVersion other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("v%d", value);
    }
}
