/**
 * What runs in a client process: {@link cairn.bench.client.WorkerMain} takes orders, {@link cairn.bench.client.Job}s carry them
 * out over an {@link cairn.bench.client.Access} to one system.
 */
@NullMarked
package cairn.bench.client;

import org.jspecify.annotations.NullMarked;
