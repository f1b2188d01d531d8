/** Many calls multiplexed on one connection: plain blocking code, a thread for each connection, on both sides. */
@NullMarked
package cairn.rpc;

import org.jspecify.annotations.NullMarked;
