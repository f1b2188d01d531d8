package cairn.client;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a directory holds, at any depth, as its quota counts it, and what was laid down for it and for all below it.
 *
 * @param files files; directories do not count, nor what is in the trash
 * @param bytes in them: copies do not count, a chunk that is open for writing counts as it was last sealed
 * @param trashTime how long what is deleted there stays in the trash; empty: as in the directory above
 * @param bytesMax its quota of bytes; empty: none
 * @param filesMax its quota of files; empty: none
 */
public record DirectoryUse(
        String path,
        long files,
        long bytes,
        Optional<Duration> trashTime,
        OptionalLong bytesMax,
        OptionalLong filesMax) {

    /** Whether it has any quota. */
    public boolean hasQuota() {
        return bytesMax.isPresent() || filesMax.isPresent();
    }

    /** Whether no further byte, or no further file, has a place. */
    public boolean isFull() {
        return (bytesMax.isPresent() && bytes >= bytesMax.getAsLong())
                || (filesMax.isPresent() && files >= filesMax.getAsLong());
    }
}
