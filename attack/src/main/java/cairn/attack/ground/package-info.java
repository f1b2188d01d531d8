/**
 * What is attacked, and the tools: processes, networks, disks. All that is made here is put on a list first ({@link
 * cairn.attack.ground.Undo}), so that it is removed however a run ends.
 */
@NullMarked
package cairn.attack.ground;

import org.jspecify.annotations.NullMarked;
