package cairn.rpc;

import cairn.world.Time;

/**
 * What the connections of one server share besides the {@link PayloadPool}, each with a bound.
 *
 * @param requestBytes messages of requests that are not answered yet, and {@link #CALL_BYTES} for each such request
 * @param threads of calls that wait ({@link Dispatch#BLOCKING})
 */
record ServerLoad(Shares requestBytes, Shares threads) {

    /** What a request costs in memory besides its message: about what a call and its place in a few queues take. */
    static final long CALL_BYTES = 1024;

    static ServerLoad of(Time time, RpcOptions options) {
        return new ServerLoad(
                new Shares(time, options.requestBytesMax()), new Shares(time, options.blockingCallsTotalMax()));
    }
}
