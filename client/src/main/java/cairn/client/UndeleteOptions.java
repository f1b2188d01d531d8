package cairn.client;

import java.util.OptionalLong;

/**
 * Which of several entries of one path {@link Cairn#undelete} brings back, and where to.
 *
 * @param to the full new path; empty: the old one
 * @param number the one with this number, as {@link TrashedEntry#number} tells it; 0: the newest
 * @param atMillis the newest of those that were deleted then or before, milliseconds since 1970
 */
public record UndeleteOptions(String to, long number, OptionalLong atMillis) {

    /** The newest one, to where it was. */
    public static final UndeleteOptions DEFAULTS = new UndeleteOptions("", 0, OptionalLong.empty());

    public UndeleteOptions withTo(String path) {
        return new UndeleteOptions(path, number, atMillis);
    }

    public UndeleteOptions withNumber(long one) {
        return new UndeleteOptions(to, one, atMillis);
    }

    public UndeleteOptions withAtMillis(long millis) {
        return new UndeleteOptions(to, number, OptionalLong.of(millis));
    }
}
