package cairn.master;

import cairn.model.FileId;

/**
 * An entry in the trash: a file, or a directory with all that it held.
 *
 * @param number rises with each deletion in the cell, so that of two the newer one is known whatever clocks say
 * @param path where it was, as the user knew it then
 * @param deletedMillis wall clock of the master
 * @param goneMillis from then on it is reclaimed
 */
public record Trashed(FileId id, long number, String path, long deletedMillis, long goneMillis) {}
