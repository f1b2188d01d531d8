/**
 * Power loss where it is real: a whole cell in a User-mode Linux whose disk notes every write and every flush. From one
 * recorded run, any moment at which the power might have gone is made into a disk, and the cell must come up on it with all
 * that it had acknowledged as durable.
 *
 * <p>Start at {@link cairn.attack.power.PowerAttack} (the command, on the host); {@link cairn.attack.power.GuestWork} is the
 * client inside; {@code WriteLog} reads what the device mapper's log-writes target wrote; {@code guest.sh} is the guest's
 * first process. What is injected here is what a disk may do by its contract: of the writes since the last flush, any may be
 * missing and any may be torn between sectors.
 */
@NullMarked
package cairn.attack.power;

import org.jspecify.annotations.NullMarked;
