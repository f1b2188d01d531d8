/**
 * What those who prove Cairn need inside of it: {@link cairn.model.proof.Probe} names every branch that handles a fault,
 * {@link cairn.model.proof.Witness} is told when one is taken, and {@link cairn.model.proof.Rule} lists what a test may
 * have broken to see whether its checkers notice.
 *
 * <p>Nothing here changes what a server or client does, as long as no rule is broken.
 */
@NullMarked
package cairn.model.proof;

import org.jspecify.annotations.NullMarked;
