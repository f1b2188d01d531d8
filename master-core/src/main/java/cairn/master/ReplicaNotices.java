package cairn.master;

import cairn.model.proof.Probe;
import cairn.wire.proto.HandleVersion;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.SealedChunk;
import java.util.ArrayList;
import java.util.List;

/** What an answer tells a chunkserver about its replicas. */
final class ReplicaNotices {
    final List<Long> drop = new ArrayList<>();
    final List<HandleVersion> fence = new ArrayList<>();
    final List<SealedChunk> sealed = new ArrayList<>();
    final List<Long> lookAgain = new ArrayList<>();
    final DamageNotes damage = new DamageNotes();

    void add(Verdict verdict, Chunk chunk, ReplicaReport report, Turn.Draft turn) {
        long handle = chunk.handle().value();
        long version = chunk.version().value();
        if (verdict == Verdict.FENCE) {
            fence.add(HandleVersion.newBuilder()
                    .setHandle(handle)
                    .setVersion(version)
                    .build());
        }
        if (chunk.sealed() && !report.getSealed() && report.getEstablished() == version) {
            turn.met(Probe.SEAL_MISSED);
            sealed.add(SealedChunk.newBuilder()
                    .setHandle(handle)
                    .setVersion(version)
                    .setLength(chunk.length())
                    .build());
        }
    }
}
