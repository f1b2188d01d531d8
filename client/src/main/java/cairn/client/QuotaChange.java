package cairn.client;

import java.util.OptionalLong;

/**
 * What {@link Cairn#setQuota} changes; what is empty stays as it is.
 *
 * @param bytesMax {@link #NONE}: no quota of bytes any more
 * @param filesMax {@link #NONE}: no quota of files any more
 */
public record QuotaChange(OptionalLong bytesMax, OptionalLong filesMax) {

    /** In place of a limit: there is none. */
    public static final long NONE = -1;

    /** Changes nothing. */
    public static final QuotaChange NOTHING = new QuotaChange(OptionalLong.empty(), OptionalLong.empty());

    /** No quota at all. */
    public static final QuotaChange CLEAR = NOTHING.withBytesMax(NONE).withFilesMax(NONE);

    public QuotaChange withBytesMax(long bytes) {
        return new QuotaChange(OptionalLong.of(bytes), filesMax);
    }

    public QuotaChange withFilesMax(long files) {
        return new QuotaChange(bytesMax, OptionalLong.of(files));
    }
}
