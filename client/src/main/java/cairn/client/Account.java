package cairn.client;

import cairn.model.ServerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why something is as it is, in sentences for people and in facts for programs.
 *
 * @param chunks the chunk asked for; of a file, those that are not healthy (the first of them)
 * @param server the chunkserver asked for
 * @param more of a file: there are more chunks that are not healthy
 */
public record Account(
        List<String> sentences,
        List<ChunkAccount> chunks,
        @Nullable ServerAccount server,
        boolean more) {

    public Account {
        sentences = List.copyOf(sentences);
        chunks = List.copyOf(chunks);
    }

    /**
     * A chunk and its repair.
     *
     * @param repair {@code none needed}, {@code copying}, {@code due}, {@code waits}, {@code retry} or {@code blocked}
     * @param nextTryMillis from now; -1 when something must change first
     */
    public record ChunkAccount(
            ChunkCheck chunk, String repair, String reason, long nextTryMillis, List<ReplicaFate> fates) {

        public ChunkAccount {
            fates = List.copyOf(fates);
        }
    }

    /** Why a replica is there, and how many good ones would be left without its server. */
    public record ReplicaFate(ServerId server, String whyHere, int goodLeft) {}

    /**
     * What depends on a chunkserver.
     *
     * @param lastCopies chunks that nobody could read without it
     * @param thenSingle chunks that would have one good copy left
     * @param thenUnder chunks that would have fewer than wanted, those above included
     * @param thenUntaken of these, and still readable: chunks of which no other server could take a copy now
     * @param lastCopyHandles some of the first
     */
    public record ServerAccount(
            ServerId server,
            String address,
            String rack,
            String state,
            long heardMillisAgo,
            long replicas,
            long lastCopies,
            long thenSingle,
            long thenUnder,
            long thenUntaken,
            List<String> lastCopyHandles) {

        public ServerAccount {
            lastCopyHandles = List.copyOf(lastCopyHandles);
        }
    }
}
