package cairn.store;

import cairn.model.proof.Rule;
import cairn.model.proof.Witness;
import java.util.Optional;
import java.util.Set;

/**
 * How to open a store.
 *
 * @param expectedCell refuse a directory of another cell
 * @param reserveBytes usable bytes below which no replica is created; negative for the smaller of 1 GiB and 2% of the
 *     disk
 * @param openFilesMax files kept open
 * @param journalBytesSoft a sync compacts a journal beyond this size
 * @param journalBytesMax a mutation compacts a journal beyond this size, and waits for the disk
 * @param witness told what is met
 * @param broken rules that this store breaks; never any outside of tests
 */
public record StoreOptions(
        Optional<String> expectedCell,
        long reserveBytes,
        int openFilesMax,
        int journalBytesSoft,
        int journalBytesMax,
        Witness witness,
        Set<Rule> broken) {

    /** What a chunkserver uses. */
    public static final StoreOptions STANDARD =
            new StoreOptions(Optional.empty(), -1, 8192, 1 << 20, 16 << 20, Witness.NOBODY, Set.of());

    public StoreOptions forCell(String cell) {
        return new StoreOptions(
                Optional.of(cell), reserveBytes, openFilesMax, journalBytesSoft, journalBytesMax, witness, broken);
    }

    public StoreOptions withReserve(long bytes) {
        return new StoreOptions(expectedCell, bytes, openFilesMax, journalBytesSoft, journalBytesMax, witness, broken);
    }

    public StoreOptions withOpenFiles(int max) {
        return new StoreOptions(expectedCell, reserveBytes, max, journalBytesSoft, journalBytesMax, witness, broken);
    }

    public StoreOptions withJournal(int softBytes, int maxBytes) {
        return new StoreOptions(expectedCell, reserveBytes, openFilesMax, softBytes, maxBytes, witness, broken);
    }

    public StoreOptions withWitness(Witness told) {
        return new StoreOptions(
                expectedCell, reserveBytes, openFilesMax, journalBytesSoft, journalBytesMax, told, broken);
    }

    /** For tests of tests. */
    public StoreOptions breaking(Set<Rule> rules) {
        return new StoreOptions(
                expectedCell, reserveBytes, openFilesMax, journalBytesSoft, journalBytesMax, witness, rules);
    }

    boolean keeps(Rule rule) {
        return !broken.contains(rule);
    }
}
