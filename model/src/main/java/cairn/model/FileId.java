package cairn.model;

/** The name of a file or directory that renames do not change. 1 is the root directory. */
public record FileId(long value) implements Comparable<FileId> {

    @Override
    public int compareTo(FileId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("f%d", value);
    }
}
