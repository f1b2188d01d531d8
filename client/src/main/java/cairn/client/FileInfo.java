package cairn.client;

import cairn.model.FileId;
import java.util.Optional;

/**
 * What the cell knows of a file or directory, at the moment of the answer.
 *
 * @param path the full path
 * @param length bytes of a file; 0 for a directory
 * @param lengthExact false only in a listing, when nobody who knows the length of the open last chunk answered: then
 *     {@code length} counts the sealed chunks
 * @param replication the goal; of a directory: what new files in it inherit
 * @param mode permission bits, 9 and sticky
 * @param modifiedMillis wall clock of the master, milliseconds since 1970
 * @param chunkCount chunks of a file
 * @param entryCount entries of a directory
 * @param open whether the last chunk is open for mutations now
 * @param use what a directory holds, at any depth, and what was laid down for it; empty for a file
 */
public record FileInfo(
        FileId id,
        String path,
        boolean directory,
        long length,
        boolean lengthExact,
        int replication,
        int mode,
        String owner,
        String group,
        long modifiedMillis,
        int chunkCount,
        int entryCount,
        boolean open,
        Optional<DirectoryUse> use) {

    /** The last component of the path; empty for the root. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
