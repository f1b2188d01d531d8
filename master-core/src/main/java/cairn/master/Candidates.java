package cairn.master;

import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.wire.proto.ReplicaReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who can take part in a chunk's next version, and who can be its source (docs/decisions/0001, "Starting a version").
 * Decides from the log (who was a member, who was complete) and from what the servers report; changes nothing.
 */
final class Candidates {

    /**
     * The members of the next version, the source first; or none, and why.
     *
     * @param suspectSource the source may have lost bytes, and there is no better one
     */
    record Choice(List<ChunkMember> members, boolean suspectSource, String obstacle) {
        static Choice none(String obstacle) {
            return new Choice(List.of(), false, obstacle);
        }
    }

    /** Which of two replicas, both complete as far as anybody knows, holds more. */
    static final Comparator<ReplicaReport> BY_CONTENT = Comparator.comparingLong(ReplicaReport::getEstablished)
            .thenComparingLong(ReplicaReport::getSerial)
            .thenComparingLong(ReplicaReport::getLength);

    private final ClusterView view;
    private final boolean completeOnly;

    Candidates(ClusterView view, MasterSettings settings) {
        this.view = view;
        this.completeOnly = settings.keeps(Rule.COMPLETE_SOURCE);
    }

    /** Those found, by what they can be. */
    private static final class Found {
        final List<ServerId> full = new ArrayList<>();
        final List<ServerId> suspect = new ArrayList<>();
        final List<ServerId> joining = new ArrayList<>();
        final NavigableSet<ServerId> missing = new TreeSet<>();
    }

    Choice choose(Chunk chunk, Establishment by, Turn.Draft turn) {
        long nanos = turn.nanos();
        String early = awaitedAfterStart(chunk, nanos);
        if (!early.isEmpty()) {
            turn.met(Probe.MEMBERS_AWAITED_AFTER_START);
            return Choice.none(early);
        }
        Found found = new Found();
        for (ServerId server : eligible(chunk, by)) {
            if (by.dismissed.contains(server) || view.server(server) == null) {
                continue; // it is moved away from, or was forgotten: nobody waits for it
            }
            sort(chunk, by, server, nanos, found);
        }
        turn.metIf(!found.joining.isEmpty(), Probe.MEMBER_INCOMPLETE);
        turn.metIf(!found.suspect.isEmpty(), Probe.MEMBER_SUSPECT);
        if (!found.full.isEmpty()) {
            return new Choice(members(chunk, by, found), false, "");
        }
        if (found.suspect.isEmpty() && neverLed(chunk, by, nanos)) {
            turn.met(Probe.VERSION_NEVER_LED);
            by.fresh = true;
            view.beginsUnled(chunk.handle());
            return new Choice(
                    chunk.members().stream()
                            .map(ChunkMember::server)
                            .filter(server -> mayJoin(server, by, nanos))
                            .map(server -> new ChunkMember(server, true))
                            .toList(),
                    false,
                    "");
        }
        addUnheard(chunk, nanos, found);
        if (found.suspect.isEmpty() && membersLack(chunk, by, nanos)) {
            fallBack(chunk, nanos, found);
            turn.metIf(!found.suspect.isEmpty(), Probe.MEMBERS_LOST_WHAT_THEY_HAD);
        }
        if (found.suspect.isEmpty() || !found.missing.isEmpty()) {
            turn.met(Probe.NO_COMPLETE_REPLICA);
            return Choice.none("no complete replica is there now; " + missing(found.missing));
        }
        return new Choice(suspectMembers(chunk, found), true, "");
    }

    /**
     * Whether nobody can have mutated the chunk: clients were told of no leader before the logged version, and that one was
     * never led. A version is led only after each member has established it, which a crash does not undo; so one
     * member that shows an empty replica and never did proves it, and so do all of them together if none has anything. That
     * some server shows no replica proves nothing by itself: its disk may have lost it, or not give it out just now.
     */
    private boolean neverLed(Chunk chunk, Establishment by, long nanos) {
        if (!chunk.ledOnlyNow() || chunk.length() > 0 || chunk.members().isEmpty() || view.wasLed(chunk)) {
            return false;
        }
        boolean allNothing = true;
        boolean proven = false;
        for (ChunkMember member : chunk.members()) {
            ReplicaReport replica = view.replica(chunk.handle(), member.server());
            boolean empty = replica != null
                    && replica.getEstablished() == 0
                    && replica.getLength() == 0
                    && !replica.getSuspect()
                    && mayJoin(member.server(), by, nanos);
            allNothing &= empty || view.lacks(chunk.handle(), member.server(), nanos);
            proven |= empty
                    && replica != null
                    && replica.getFence() == chunk.version().value();
        }
        return allNothing || proven;
    }

    private boolean mayJoin(ServerId server, Establishment by, long nanos) {
        return view.isUsable(server, nanos) && !by.excluded.contains(server);
    }

    /** Whether all that the version may have acknowledged is gone for good: those who had it are here and have it no more. */
    private boolean membersLack(Chunk chunk, Establishment by, long nanos) {
        return !chunk.sealed()
                && chunk.members().stream()
                        .filter(ChunkMember::full)
                        .map(ChunkMember::server)
                        .allMatch(server -> !by.excluded.contains(server) && lostIt(chunk, server, nanos));
    }

    /** One that was full, and has nothing or something that was never complete, has lost what it had. */
    private boolean lostIt(Chunk chunk, ServerId full, long nanos) {
        ReplicaReport replica = view.replica(chunk.handle(), full);
        return replica == null
                ? view.lacks(chunk.handle(), full, nanos)
                : replica.getEstablished() == 0 && view.isUsable(full, nanos);
    }

    /**
     * Those that were complete when the version was logged are the best that is left. If the version was never led, which
     * nobody can prove any more, they even have everything. When they are gone for good too, so is what they had; then the
     * most that anybody has is what is left of the chunk, once every server has shown what it has.
     */
    private void fallBack(Chunk chunk, long nanos, Found found) {
        found.missing.clear();
        for (ServerId server : chunk.complete()) {
            if (view.server(server) != null && !view.isUsable(server, nanos)) {
                found.missing.add(server);
            }
            takeAsSuspect(view.replica(chunk.handle(), server), server, nanos, found);
        }
        if (!found.suspect.isEmpty()) {
            found.missing.clear(); // they are all alike
            return;
        }
        view.servers().stream()
                .filter(server -> !view.isUsable(server.id, nanos))
                .forEach(server -> found.missing.add(server.id));
        view.replicasOf(chunk.handle()).forEach((id, replica) -> takeAsSuspect(replica, id, nanos, found));
    }

    private void takeAsSuspect(@Nullable ReplicaReport replica, ServerId server, long nanos, Found found) {
        if (replica != null && replica.getEstablished() > 0 && view.isUsable(server, nanos)) {
            found.joining.remove(server);
            found.suspect.add(server);
        }
    }

    /**
     * Who holds a sealed chunk is in no log: any server that is not here may have a good replica of it. A replica that may
     * lack bytes is never made the source while a better one may come back, however long that takes.
     */
    private void addUnheard(Chunk chunk, long nanos, Found found) {
        if (chunk.sealed()) {
            view.servers().stream()
                    .filter(server -> !view.isUsable(server.id, nanos))
                    .forEach(server -> found.missing.add(server.id));
        }
    }

    /** Open: the logged members, and who is known to be complete. Sealed: everyone who holds the version. */
    private NavigableSet<ServerId> eligible(Chunk chunk, Establishment by) {
        NavigableSet<ServerId> eligible = new TreeSet<>();
        chunk.members().forEach(member -> eligible.add(member.server()));
        eligible.addAll(by.complete != null ? by.complete : stillComplete(chunk));
        if (by.newcomer != null) {
            eligible.add(by.newcomer);
        }
        if (chunk.sealed() || !completeOnly) {
            view.replicasOf(chunk.handle()).forEach((id, replica) -> {
                if (replica.getEstablished() == chunk.version().value() || !completeOnly) {
                    eligible.add(id);
                }
            });
        }
        return eligible;
    }

    private void sort(Chunk chunk, Establishment by, ServerId server, long nanos, Found found) {
        ReplicaReport replica = view.replica(chunk.handle(), server);
        if (by.excluded.contains(server)) {
            found.missing.add(server); // it did not answer just now; what it has is not lost
            return;
        }
        if (!view.isUsable(server, nanos)) {
            found.missing.add(server);
        } else if (replica == null) {
            if (by.fresh) { // otherwise it is here, has shown all it holds, and has none
                found.full.add(server);
            }
        } else if (completeOnly && (server.equals(by.newcomer) || !isComplete(chunk, by, server, replica))) {
            found.joining.add(server);
        } else if (replica.getSuspect()) {
            found.suspect.add(server);
        } else {
            found.full.add(server);
        }
    }

    /**
     * Whether a replica holds all that was acknowledged: it established the version; or it was complete when the version
     * was logged and never established it, which proves that the version acknowledged nothing. A replica that is
     * incomplete, half repaired or only just joining, reports that it established nothing.
     */
    private boolean isComplete(Chunk chunk, Establishment by, ServerId server, ReplicaReport replica) {
        if (replica.getEstablished() == chunk.version().value()) {
            return !chunk.sealed() || holdsSeal(chunk, replica);
        }
        if (by.fresh) {
            return replica.getLength() == 0; // nobody was ever told to lead it
        }
        Collection<ServerId> complete = by.complete != null ? by.complete : stillComplete(chunk);
        boolean wasComplete = chunk.loggedFull(server) || complete.contains(server);
        return wasComplete && replica.getEstablished() > 0;
    }

    /**
     * Whether a replica has all that its chunk was sealed with. One that does not know of the seal must have it too: every
     * member had applied it before. What lacks some has lost it since, as when the end of its journal was cut off.
     */
    private static boolean holdsSeal(Chunk chunk, ReplicaReport replica) {
        return replica.getSealed() ? replica.getLength() == chunk.length() : replica.getLength() >= chunk.length();
    }

    /** It was shorter when it was reported last, and that may have been before it got the rest. */
    static boolean mayHoldSeal(Chunk chunk, ReplicaReport replica) {
        return chunk.sealed()
                && replica.getEstablished() == chunk.version().value()
                && !replica.getSealed()
                && !replica.getSuspect();
    }

    /**
     * Who was complete when the version was logged and is so still, because the version acknowledged nothing. The proof: a
     * member that never established it. No proof, nobody: then only members count. A report from before a version was led
     * proves nothing once it was, and it may be the last one that got through.
     *
     * <p>Who established the version before is complete then, too, whether it was logged or not: it took part in all that was
     * acknowledged (simulated seed 500809: it had joined, and its disk failed).
     */
    Collection<ServerId> stillComplete(Chunk chunk) {
        if (view.wasLed(chunk) || !provesNothingAcknowledged(chunk)) {
            return List.of();
        }
        NavigableSet<ServerId> complete = new TreeSet<>(chunk.complete());
        view.replicasOf(chunk.handle()).forEach((id, replica) -> {
            if (replica.getEstablished() > 0
                    && replica.getEstablished() == chunk.version().value() - 1) {
                complete.add(id);
            }
        });
        return complete;
    }

    private boolean provesNothingAcknowledged(Chunk chunk) {
        return chunk.members().stream()
                .map(member -> view.replica(chunk.handle(), member.server()))
                .anyMatch(replica -> replica != null
                        && replica.getEstablished() < chunk.version().value());
    }

    private List<ChunkMember> members(Chunk chunk, Establishment by, Found found) {
        List<ServerId> full = new ArrayList<>(found.full);
        putFirst(full, source(chunk, by, full));
        List<ChunkMember> members = new ArrayList<>();
        full.forEach(server -> members.add(new ChunkMember(server, true)));
        found.suspect.forEach(server -> members.add(new ChunkMember(server, false)));
        found.joining.forEach(server -> members.add(new ChunkMember(server, false)));
        return members;
    }

    /**
     * Who led before leads again if its process is still the same, which spares its clients a change; otherwise who reports
     * most: a process that was started anew may have lost the end of a journal without a trace. Of equals, by the handle,
     * to spread the work. When somebody was tried already, they have shown what they hold.
     */
    private ServerId source(Chunk chunk, Establishment by, List<ServerId> full) {
        Comparator<ServerId> byContent = byContent(chunk);
        ServerId most = full.stream().max(byContent).orElseThrow();
        ClusterView.Leader last = view.lastLeader(chunk.handle());
        if (last != null && full.contains(last.server())) {
            boolean trusted = by.attempts == 0 && view.isSameSince(last.server(), last.sinceNanos());
            if (trusted || byContent.compare(last.server(), most) == 0) {
                return last.server();
            }
        }
        List<ServerId> equals = full.stream()
                .filter(server -> byContent.compare(server, most) == 0)
                .toList();
        return equals.get((int) Long.remainderUnsigned(chunk.handle().value(), equals.size()));
    }

    private List<ChunkMember> suspectMembers(Chunk chunk, Found found) {
        List<ServerId> suspects = new ArrayList<>(found.suspect);
        putFirst(suspects, suspects.stream().max(byContent(chunk)).orElseThrow());
        List<ChunkMember> members = new ArrayList<>();
        suspects.forEach(server -> members.add(new ChunkMember(server, members.isEmpty())));
        found.joining.forEach(server -> members.add(new ChunkMember(server, false)));
        return members;
    }

    private Comparator<ServerId> byContent(Chunk chunk) {
        return Comparator.comparing(server -> view.replica(chunk.handle(), server), Comparator.nullsFirst(BY_CONTENT));
    }

    private static void putFirst(List<ServerId> servers, ServerId first) {
        servers.remove(first);
        servers.addFirst(first);
    }

    /** Soon after a start of the master, members that will be back in a moment are not left behind. */
    private String awaitedAfterStart(Chunk chunk, long nanos) {
        NavigableSet<ServerId> awaited = new TreeSet<>();
        for (ServerState server : view.servers()) {
            boolean matters = chunk.sealed() || chunk.hasMember(server.id);
            if (matters && view.isAwaited(server, nanos)) {
                awaited.add(server.id);
            }
        }
        return awaited.isEmpty() ? "" : "the master has just started; " + missing(awaited);
    }

    private String missing(NavigableSet<ServerId> servers) {
        if (servers.isEmpty()) {
            return "no chunkserver is known to hold one";
        }
        List<String> names = new ArrayList<>();
        for (ServerId id : servers) {
            ServerState server = view.server(id);
            names.add(server == null ? id.toString() : server.toString());
        }
        return "missing: " + String.join(", ", names);
    }

    /** For messages: who was expected to hold the chunk. */
    String missingNow(Chunk chunk, @Nullable Establishment by, long nanos) {
        if (by != null && !by.obstacle.isEmpty()) {
            return by.obstacle;
        }
        NavigableSet<ServerId> missing = new TreeSet<>();
        chunk.members().forEach(member -> missing.add(member.server()));
        missing.addAll(view.replicasOf(chunk.handle()).servers());
        missing.removeIf(server -> view.isUsable(server, nanos));
        return missing(missing);
    }
}
