package cairn.store;

/**
 * Whether the disk can be trusted with new data. Once failing, a store stays so until it is opened again.
 *
 * @param reason the first failure, for people; empty while all is well
 */
public record StoreHealth(boolean failing, String reason) {
    static final StoreHealth GOOD = new StoreHealth(false, "");
}
