package cairn.client;

/** How much was given up: entries as they were deleted, and the files and bytes in them. */
public record EmptiedTrash(long entries, long files, long bytes) {

    EmptiedTrash plus(EmptiedTrash other) {
        return new EmptiedTrash(entries + other.entries, files + other.files, bytes + other.bytes);
    }
}
