/** The {@code cairn} command. */
@NullMarked
package cairn.cli;

import org.jspecify.annotations.NullMarked;
