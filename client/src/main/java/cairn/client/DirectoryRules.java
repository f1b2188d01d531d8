package cairn.client;

import java.time.Duration;
import java.util.List;

/**
 * What holds for a directory.
 *
 * @param itself its own use and rules
 * @param trashTime how long what is deleted there stays in the trash, whoever laid it down
 * @param above the directories above it for which something is laid down, the nearest first: their quotas hold too
 * @param below the directories below it for which something is laid down
 */
public record DirectoryRules(
        DirectoryUse itself, Duration trashTime, List<DirectoryUse> above, List<DirectoryUse> below) {
    public DirectoryRules {
        above = List.copyOf(above);
        below = List.copyOf(below);
    }
}
