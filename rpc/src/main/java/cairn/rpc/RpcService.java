package cairn.rpc;

import cairn.wire.Method;
import java.io.IOException;

/** What a server does. Both methods are called from many threads at once. */
public interface RpcService {

    /** Where calls of this method are handled. Must not block. */
    Dispatch dispatch(Method method);

    /**
     * The payload of this method's requests is taken even when the {@link PayloadPool} is full. For calls whose bytes
     * another server holds in its own pool until they are answered (REPLICATE): two servers that wait for each other's
     * memory would wait for ever.
     */
    default boolean urgent(Method method) {
        return false;
    }

    /**
     * Carries out one call. It may be answered here or later from any thread, exactly once.
     *
     * @throws IOException a {@code CairnException} is the answer, with its code; anything else, unchecked exceptions
     *     too, becomes {@code INTERNAL}. Nothing may be thrown once the call was answered or handed to another thread.
     */
    void handle(Call call) throws IOException;
}
