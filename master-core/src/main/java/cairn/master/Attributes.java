package cairn.master;

/**
 * What a user may set on a file or directory, and the time of its last change.
 *
 * @param mode permission bits: 9 and the sticky bit
 * @param goal replicas wanted; of a directory: what new files in it inherit
 * @param modifiedPinned a user set the time: the seal of bytes written before does not touch it
 */
public record Attributes(String owner, String group, int mode, int goal, long modifiedMillis, boolean modifiedPinned) {

    /** Changed at {@code millis}, by the cell. Time never runs backwards, whatever the wall clock does. */
    Attributes touched(long millis) {
        return new Attributes(owner, group, mode, goal, Math.max(modifiedMillis, millis), false);
    }
}
