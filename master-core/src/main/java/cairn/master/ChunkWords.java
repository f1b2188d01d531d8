package cairn.master;

import cairn.master.CopyQueue.Cause;
import cairn.master.CopyQueue.Wanted;
import cairn.model.Amount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sentences about one chunk. Changes nothing. */
final class ChunkWords {
    private static final double NANOS_PER_SECOND = 1e9;

    private final ClusterView view;
    private final MasterSettings settings;
    private final VersionDesk versions;
    private final CopyDesk copies;

    ChunkWords(MasterCore.Desks desks, MasterSettings settings, CopyDesk copies) {
        this.view = desks.view();
        this.versions = desks.versions();
        this.settings = settings;
        this.copies = copies;
    }

    /** What is being done. Reads what repair would decide by, so it is right as long as nothing changes. */
    RepairOutlook outlook(Standing standing, long nanos) {
        return switch (standing.health()) {
            case HEALTHY, OVER ->
                standing.isLeaving()
                        ? copy(standing, Cause.LEAVING, nanos)
                        : standing.health() == ChunkHealth.HEALTHY
                                ? RepairOutlook.of(RepairOutlook.NONE_NEEDED, "it has as many good copies as it should")
                                : RepairOutlook.of(
                                        RepairOutlook.DUE,
                                        "the surplus is dropped, from a server that is being drained or from the fullest one");
            case MISPLACED -> copy(standing, Cause.NARROW, nanos);
            case MISSING, CORRUPT -> missing(standing);
            case UNDER -> {
                Establishment running = versions.running(standing.chunk().handle());
                if (running != null && !running.obstacle.isEmpty()) {
                    yield RepairOutlook.of(RepairOutlook.BLOCKED, running.obstacle);
                }
                RepairOutlook before =
                        running == null && !standing.chunk().sealed() ? beforeCopy(standing, nanos) : null;
                yield before != null ? before : copy(standing, Cause.MISSING, nanos);
            }
        };
    }

    /** What comes first with a chunk that is open; null when it can be copied as it is. */
    private @Nullable RepairOutlook beforeCopy(Standing standing, long nanos) {
        Chunk chunk = standing.chunk();
        if (view.leader(chunk, nanos) == null) {
            return RepairOutlook.of(
                    RepairOutlook.WAITS,
                    "nobody leads the chunk: in a moment it is brought up and sealed, then copied");
        }
        if (view.hasWrittenOffMember(chunk, nanos)) {
            return RepairOutlook.of(
                    RepairOutlook.DUE,
                    "the server of one of its members is written off: its primary seals it now, then it is copied");
        }
        return standing.count(Worth.AWAY) == 0
                ? null
                : RepairOutlook.of(RepairOutlook.WAITS, "a server that is away may be back with its copy in a moment");
    }

    private RepairOutlook copy(Standing standing, Cause cause, long nanos) {
        boolean patient = cause == Cause.MISSING && isPatient(standing);
        Chunk chunk = standing.chunk();
        return copies.outlook(chunk, new Wanted(chunk.handle(), cause, standing.good(), false, false, patient), nanos);
    }

    /** As repair sees it: who is away may be back before a copy is made. */
    private static boolean isPatient(Standing standing) {
        int present = standing.good() + standing.count(Worth.UNPROVEN) + standing.count(Worth.AWAY);
        return standing.good() > 1 && present >= standing.goal() && standing.count(Worth.AWAY) > 0;
    }

    private RepairOutlook missing(Standing standing) {
        Establishment running = versions.running(standing.chunk().handle());
        if (running != null) {
            return RepairOutlook.of(
                    RepairOutlook.WAITS,
                    running.obstacle.isEmpty() ? "a new version of the chunk is being started" : running.obstacle);
        }
        if (standing.count(Worth.UNPROVEN) > 0) {
            return RepairOutlook.of(
                    RepairOutlook.WAITS, "replicas that may have lost something in a crash are being compared");
        }
        List<String> holders = standing.copies().stream()
                .filter(copy -> copy.worth() == Worth.AWAY || copy.worth() == Worth.GONE)
                .map(copy -> name(copy))
                .toList();
        if (!holders.isEmpty()) {
            return RepairOutlook.of(
                    RepairOutlook.BLOCKED,
                    "nothing can be copied until one of these is back: " + String.join(", ", holders));
        }
        return standing.health() == ChunkHealth.CORRUPT
                ? RepairOutlook.of(
                        RepairOutlook.BLOCKED,
                        "the damaged replica is the last one: read what can be read of the file, then write it anew")
                : RepairOutlook.of(
                        RepairOutlook.BLOCKED,
                        "no chunkserver that is known holds it: start those that are down, with all their disks");
    }

    private String name(Standing.Copy copy) {
        ServerState server = view.server(copy.server());
        return server == null ? copy.server().toString() : server.toString();
    }

    /** All about a chunk. */
    List<String> sentences(Standing standing, String path, long nanos) {
        Chunk chunk = standing.chunk();
        List<String> sentences = new ArrayList<>();
        sentences.add("Chunk %s is chunk %d of %s, version %d, %s; %s: %s."
                .formatted(
                        chunk.handle(),
                        chunk.index(),
                        path,
                        chunk.version().value(),
                        chunk.sealed() ? "sealed at " + Amount.of(chunk.length(), "byte") : "open for writing",
                        standing.health().word(),
                        standing.words()));
        for (Standing.Copy copy : standing.copies()) {
            sentences.add("%s: %s.".formatted(name(copy), whyHere(standing, copy, nanos)));
        }
        sentences.add(repair(outlook(standing, nanos)));
        sentences.add(loss(standing));
        return sentences;
    }

    /** The chunk in one sentence. */
    String summary(Standing standing, long nanos) {
        return "Chunk %d (%s) is %s: %s. %s"
                .formatted(
                        standing.chunk().index(),
                        standing.chunk().handle(),
                        standing.health().word(),
                        standing.words(),
                        repair(outlook(standing, nanos)));
    }

    private static String repair(RepairOutlook outlook) {
        String when = outlook.nextTryNanos() < 0
                ? ""
                : "; tried again in %.1f s".formatted(outlook.nextTryNanos() / NANOS_PER_SECOND);
        return "Repair: " + outlook.state() + ", " + outlook.reason() + when + ".";
    }

    private String loss(Standing standing) {
        if (standing.good() == 1) {
            Standing.Copy last = standing.copies().stream()
                    .filter(Standing.Copy::counts)
                    .findFirst()
                    .orElseThrow();
            return "If %s died now, nobody could read this chunk.".formatted(name(last));
        }
        return standing.good() == 0
                ? "Nobody can read this chunk now."
                : "If any one of its servers died now, %s would be left."
                        .formatted(Amount.of(standing.good() - 1, "good copy"));
    }

    /** Why a replica is where it is, and what it is there for. */
    String whyHere(Standing standing, Standing.Copy copy, long nanos) {
        Chunk chunk = standing.chunk();
        return switch (copy.worth()) {
            case GOOD ->
                view.isUsable(copy.server(), nanos)
                        ? good(standing, copy, nanos)
                        : "good when its server was last heard of, %.1f s ago; it counts until %.0f s are over, and cannot be read before the server is back"
                                .formatted(silenceSeconds(copy, nanos), settings.deadAfter() / NANOS_PER_SECOND);
            case LEAVING ->
                standing.isLeaving()
                        ? "good, on a server that is being drained: it serves until others make up for it"
                        : "good, on a server that is being drained: others make up for it, and it is dropped in a moment";
            case UNPROVEN ->
                "unproven: its server crashed, or it is joining; it is compared with another before it counts";
            case DAMAGED -> "damaged; kept because nobody has a better one yet";
            case STALE ->
                "stale: it holds version %d, the chunk is at %d; never served, dropped when there are enough good ones, until then a copy to here moves only what differs"
                        .formatted(copy.established(), chunk.version().value());
            case AWAY ->
                "away: its server was last heard of %.1f s ago; the replica counts again when it is back, and is made anew elsewhere after %.0f s"
                        .formatted(silenceSeconds(copy, nanos), settings.repairAfter() / NANOS_PER_SECOND);
            case GONE -> "gone: its server is written off; the replica is made anew elsewhere";
        };
    }

    private String good(Standing standing, Standing.Copy copy, long nanos) {
        Chunk chunk = standing.chunk();
        if (!chunk.sealed()) {
            ClusterView.Leader leader = view.leader(chunk, nanos);
            return leader != null && leader.server().equals(copy.server())
                    ? "good; the primary: writers and appenders go through it"
                    : "good; a member of the version that is written";
        }
        String wanted = standing.good() > standing.goal()
                ? "good; one of more than are wanted, and dropped if its server is the fullest"
                : standing.goal() == 1
                        ? "good; the one that is wanted"
                        : "good; one of the %d that are wanted".formatted(standing.goal());
        return wanted + onlyOnItsRack(standing, copy) + madeHere(chunk, copy, nanos);
    }

    /** Of several racks it is on this one: what keeps it here. */
    private String onlyOnItsRack(Standing standing, Standing.Copy copy) {
        String rack = rackOf(copy);
        long here = standing.copies().stream()
                .filter(other -> other.counts() && rackOf(other).equals(rack))
                .count();
        return here == 1 && standing.good() > 1 ? "; the only one on rack " + rack : "";
    }

    private String rackOf(Standing.Copy copy) {
        ServerState server = view.server(copy.server());
        return server == null ? "" : server.rack;
    }

    private String madeHere(Chunk chunk, Standing.Copy copy, long nanos) {
        String words = copies.made().words(chunk.handle(), copy.server(), nanos);
        return words.isEmpty() ? "" : "; " + words;
    }

    private double silenceSeconds(Standing.Copy copy, long nanos) {
        ServerState server = view.server(copy.server());
        long heard = server != null && server.heard ? server.heardNanos : view.startNanos();
        return (nanos - heard) / NANOS_PER_SECOND;
    }
}
