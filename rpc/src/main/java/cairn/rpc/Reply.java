package cairn.rpc;

/**
 * The answer to a call.
 *
 * @param payload never null, often empty; the receiver must {@link Payload#release} it
 */
public record Reply<M>(M message, Payload payload) {

    /** Gives the payload back; harmless when it is empty. */
    public void release() {
        payload.release();
    }
}
