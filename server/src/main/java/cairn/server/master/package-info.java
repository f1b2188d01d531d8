/**
 * The master process: a thin shell around {@link cairn.master.MasterCore}. Start at {@link
 * cairn.server.master.MasterServer}; then {@link cairn.server.master.Turns}, where one lock makes the order of all
 * decisions, and what is decided waits for the log before anybody hears of it.
 */
@NullMarked
package cairn.server.master;

import org.jspecify.annotations.NullMarked;
