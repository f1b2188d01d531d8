/**
 * The {@code cairn} command. Start at {@link cairn.cli.Main}; {@link cairn.cli.Verb} lists the verbs, one class each, and
 * {@link cairn.cli.Console} is all they use of their process. Only the verb that was asked for is loaded: a command's
 * start-up is part of its answer time.
 */
@NullMarked
package cairn.cli;

import org.jspecify.annotations.NullMarked;
