package cairn.chunk;

/** What a replica's exactly-once memory says of one request. */
public sealed interface ProducerAnswer {

    /** Never seen here and next in order: apply it. */
    record New() implements ProducerAnswer {}

    /** Applied before; the answer was this. */
    record Duplicate(long offset, int length) implements ProducerAnswer {}

    /** At or below the producer's last, but its answer is gone: it must be refused, never applied. */
    record Forgotten() implements ProducerAnswer {}

    /**
     * Its predecessor is not the producer's last here.
     *
     * @param last the producer's last sequence here, 0 for none
     */
    record OutOfOrder(long last) implements ProducerAnswer {}
}
