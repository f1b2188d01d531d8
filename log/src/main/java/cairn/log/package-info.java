/** The operation log and its checkpoints: a record is durable here before anyone hears of it. */
@NullMarked
package cairn.log;

import org.jspecify.annotations.NullMarked;
