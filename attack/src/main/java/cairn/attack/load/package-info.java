/**
 * The client processes: each does one job through the public client library and writes down, in a file that survives its
 * death, every call before it is made and every answer when it has come ({@link cairn.attack.load.History}).
 */
@NullMarked
package cairn.attack.load;

import org.jspecify.annotations.NullMarked;
