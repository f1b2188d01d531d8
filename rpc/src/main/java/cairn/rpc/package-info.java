/** Many calls multiplexed on one connection, plain blocking code on virtual threads, on both sides. */
@NullMarked
package cairn.rpc;

import org.jspecify.annotations.NullMarked;
