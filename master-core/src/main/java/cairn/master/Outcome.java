package cairn.master;

import cairn.model.FileId;

/**
 * As much of a mutation's answer as is needed to give it again.
 *
 * @param method number of the call
 * @param file the file or directory made or changed
 * @param trashPath where a deleted entry lies; empty otherwise
 */
public record Outcome(int method, FileId file, String trashPath) {}
