/**
 * Frames and messages of the wire protocol. Start at {@link cairn.wire.Frame}; the messages are drawn in {@code
 * src/main/proto}, the calls in {@link cairn.wire.Method}. No sockets here: those are in {@code rpc}.
 */
@NullMarked
package cairn.wire;

import org.jspecify.annotations.NullMarked;
