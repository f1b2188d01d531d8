package cairn.simulation;

/** What a name stands for. */
sealed interface StoredNode permits StoredFile, StoredDirectory {

    /** Pages taken, below a directory too. */
    long pages();
}
