package cairn.rpc;

import cairn.world.World;
import java.util.function.Supplier;

/**
 * What a process brings to all its connections, called and calling.
 *
 * @param hello asked at each handshake: a chunkserver learns its cell late; must not block
 * @param pool where payloads that arrive are put
 */
public record Endpoint(World world, Supplier<Hello> hello, PayloadPool pool, RpcOptions options, RpcEvents events) {

    /** With default options, a pool of 256 MiB and nobody listening to events. */
    public static Endpoint of(World world, Supplier<Hello> hello) {
        PayloadPool pool = new PayloadPool(world.time(), PayloadPool.DEFAULT_BYTES_MAX);
        return new Endpoint(world, hello, pool, RpcOptions.DEFAULT, RpcEvents.NONE);
    }
}
