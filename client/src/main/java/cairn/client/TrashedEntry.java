package cairn.client;

/**
 * A deleted file or directory, which {@link Cairn#undelete} brings back.
 *
 * @param path where it was
 * @param number rises with each deletion in the cell: tells entries of one path apart
 * @param deletedMillis wall clock of the master, milliseconds since 1970
 * @param goneMillis from then on it is reclaimed
 * @param files how many files it holds, itself included
 * @param bytes in them; copies are not counted, and what is open for writing as it was last sealed
 */
public record TrashedEntry(
        String path, long number, long deletedMillis, long goneMillis, boolean directory, long files, long bytes) {}
