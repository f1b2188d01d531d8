package cairn.server.chunk;

import cairn.model.ServerId;
import cairn.wire.proto.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members of a version in the order in which mutations pass them, seen from one of them. Immutable. */
record Chain(List<Member> members, int position) {

    /** No members: what a replica has that takes part in no version now. */
    static final Chain NONE = new Chain(List.of(), 0);

    Chain {
        members = List.copyOf(members);
    }

    /** The chain as {@code self} sees it, or null when {@code self} is not in it. */
    static @Nullable Chain of(List<Member> members, ServerId self) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).getServerId() == self.value()) {
                return new Chain(members, i);
            }
        }
        return null;
    }

    /** The member behind this one, or null at the end. */
    @Nullable
    Member next() {
        return position + 1 < members.size() ? members.get(position + 1) : null;
    }

    Member primary() {
        return members.get(0);
    }
}
