/**
 * The judges: each takes what clients saw, or what lies on disks, and says whether a promise of the cell was broken.
 *
 * <p>Pure: nothing here knows a simulation or a client library, so the same judges look at histories of simulated cells
 * ({@code cairn.simulation.cell}) and of real processes. Each judge is a class and names its promise (P1 to P9 of the
 * design); what it throws is a {@link cairn.simulation.check.Violation}.
 */
@NullMarked
package cairn.simulation.check;

import org.jspecify.annotations.NullMarked;
