package cairn.client;

import org.jspecify.annotations.Nullable;

/** New attributes of a file or directory; null leaves one as it is. Start from {@link #NONE}. */
public record AttributeChange(
        @Nullable Integer mode,
        @Nullable String owner,
        @Nullable String group,
        @Nullable Long modifiedMillis,
        @Nullable Integer replication) {

    public static final AttributeChange NONE = new AttributeChange(null, null, null, null, null);

    public AttributeChange withMode(int bits) {
        return new AttributeChange(bits, owner, group, modifiedMillis, replication);
    }

    public AttributeChange withOwner(String user) {
        return new AttributeChange(mode, user, group, modifiedMillis, replication);
    }

    public AttributeChange withGroup(String name) {
        return new AttributeChange(mode, owner, name, modifiedMillis, replication);
    }

    public AttributeChange withModifiedMillis(long millis) {
        return new AttributeChange(mode, owner, group, millis, replication);
    }

    public AttributeChange withReplication(int copies) {
        return new AttributeChange(mode, owner, group, modifiedMillis, copies);
    }
}
