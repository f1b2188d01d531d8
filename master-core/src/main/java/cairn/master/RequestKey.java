package cairn.master;

/**
 * A namespace mutation's name, given by the client: repeated, it is carried out once.
 *
 * @param client random, one for each client process
 * @param sequence from 1
 */
public record RequestKey(long client, long sequence) {

    @Override
    public String toString() {
        return String.format("%016x.%d", client, sequence);
    }
}
