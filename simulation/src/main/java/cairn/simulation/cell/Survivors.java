package cairn.simulation.cell;

import cairn.chunk.ReplicaState;
import cairn.master.Chunk;
import cairn.master.ChunkMember;
import cairn.master.KnownServer;
import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ServerId;
import cairn.server.master.MasterServer;
import cairn.simulation.SimDisk;
import cairn.simulation.SimNode;
import cairn.simulation.check.Violation;
import cairn.store.StoreIdentity;
import cairn.store.StoreView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows which damage would be beyond what is promised: P1 holds while one up-to-date replica lives, so a storm may not
 * destroy the last one. Looks at the journals on all disks and at what the master has decided, whatever state the processes
 * are in; errs on the side of sparing. What was damaged once counts as lost until the end of the run.
 */
final class Survivors {

    private static final Pattern REPLICA_FILE = Pattern.compile("chunks/([0-9a-f]{16})[.](?!blank$)");

    private final SimulatedCell cell;
    private final int copies;
    private final Set<Damage> damaged = new HashSet<>(); // in no order that matters
    private final Set<Doubt> doubts = new HashSet<>(); // in no order that matters
    private final Set<Long> sunk = new HashSet<>();
    private boolean complete = true;

    /** A replica whose bytes, or whose journal, are not what they should be. */
    private record Damage(String host, long handle, long line) {}

    /** A replica whose journal may say more than a power loss has left of its bytes: nobody knows before its server has read it. */
    private record Doubt(String host, long handle, ChunkVersion established) {}

    /** A replica as it lies on a disk; one that was put aside may be the last, and is good for nothing else. */
    private record Found(SimNode host, SimDisk disk, ServerId server, ReplicaState state, boolean aside) {}

    /** @param copies of each chunk, when all is well */
    Survivors(SimulatedCell cell, int copies) {
        this.cell = cell;
        this.copies = copies;
    }

    /** From now on disks of this host that fail lose nothing of a last good replica. */
    void watch(SimNode host) {
        host.disks().values().forEach(disk -> disk.dropOnlyIf(name -> mayDrop(host, name)));
    }

    /** Nobody would find out from the file later, though its process is told that the sync has failed. */
    private boolean mayDrop(SimNode host, String name) {
        Matcher replica = REPLICA_FILE.matcher(name);
        return !replica.lookingAt() || mayDamage(host, Long.parseUnsignedLong(replica.group(1), 16));
    }

    /** Whether all that lies on {@code disk} may be lost; on every disk of the host when null. */
    boolean mayLose(SimNode host, @Nullable SimDisk disk) {
        List<Found> all = all();
        return new Look(all).allows(found -> found.host == host && (disk == null || found.disk == disk), host, 1);
    }

    /** The power of this host fails now. What its replicas lose then shows in no journal yet, and none of them is to be the last. */
    void powerFails(SimNode host) {
        all().stream()
                .filter(found -> found.host == host && !found.disk.isSynced(dataFile(found.state.handle())))
                .forEach(found -> doubts.add(doubt(found)));
    }

    private static String dataFile(ChunkHandle handle) {
        return "chunks/%016x.chunk".formatted(handle.value());
    }

    private static Doubt doubt(Found found) {
        return new Doubt(found.host.name(), found.state.handle().value(), found.state.established());
    }

    /** All that lay on some disk is lost for good. */
    void lost() {
        complete = false;
    }

    /**
     * Whether nothing was lost or damaged so far. Only then may all hosts lose power: afterwards their unsealed replicas are
     * suspect, and wait for every member that may have a better one.
     */
    boolean areComplete() {
        return complete && damaged.isEmpty();
    }

    /** Whether the cell still has the chunk. */
    boolean isInLog(long handle) {
        MasterServer master = cell.master();
        return master != null && master.image().chunk(new ChunkHandle(handle)) != null;
    }

    /** Whether a replica was damaged and nobody may have found out. */
    boolean isDamaged(SimNode host, long handle) {
        long line = line(handle);
        return damaged.stream()
                .anyMatch(damage ->
                        damage.host.equals(host.name()) && (damage.line == line || line(damage.handle) == line));
    }

    /**
     * A fork is made of the bytes of what it was forked from, the damaged ones too: a whole line counts as damaged on a host.
     * Of two moments: what was damaged while it was forked had no line yet, what was deleted since has none any more.
     */
    private long line(long handle) {
        MasterServer master = cell.master();
        return master == null
                ? handle
                : master.image().originOf(new ChunkHandle(handle)).value();
    }

    /**
     * Whether one replica may be damaged; if so, it counts as damaged from now on. Nobody finds out before it is read, and
     * meanwhile one of the others may fall behind; so two of three copies stay good, or of two one.
     */
    boolean mayDamage(SimNode host, long handle) {
        boolean allowed = new Look(all())
                .allows(
                        found -> found.host == host && found.state.handle().value() == handle,
                        host,
                        Math.min(2, copies - 1));
        if (allowed) {
            damaged.add(new Damage(host.name(), handle, line(handle)));
        }
        return allowed;
    }

    /**
     * Whether what happened was more than P1 promises to survive. Of some chunk only damaged replicas are left, because the
     * others fell behind or were lost after one had been damaged and before anybody could find out. Or of some chunk nothing is
     * left that was ever complete, after disks were lost: it was given to servers whose disks were lost before it got there.
     */
    boolean areBeyond() {
        MasterServer master = cell.master();
        if (master == null || areComplete()) {
            return false;
        }
        Look look = new Look(all());
        for (Chunk chunk : master.image().chunksAfter(new ChunkHandle(0))) {
            noteIfSunk(chunk, look);
        }
        return !sunk.isEmpty();
    }

    /** What was so once stays so: from then on the cell does what it can with what there is. */
    private void noteIfSunk(Chunk chunk, Look look) {
        boolean survives = look.all.stream().anyMatch(found -> look.isOf(found, chunk) && look.isGood(found, chunk));
        if (!survives && (isTouched(chunk) || (!complete && nobodyHas(chunk, look)))) {
            sunk.add(chunk.handle().value());
        }
    }

    private boolean isTouched(Chunk chunk) {
        return cell.chunkHosts().stream()
                .anyMatch(host -> isDamaged(host, chunk.handle().value()));
    }

    private static boolean nobodyHas(Chunk chunk, Look look) {
        return look.all.stream()
                .noneMatch(found ->
                        look.isOf(found, chunk) && found.state.established().value() > 0);
    }

    /** Those that the master knows, and of whose disks none is left. */
    List<ServerId> lostServers() {
        MasterServer master = cell.master();
        return master == null
                ? List.of()
                : master.image().servers().stream()
                        .map(KnownServer::id)
                        .filter(this::isLost)
                        .toList();
    }

    /** No disk says that it is this server's. */
    private boolean isLost(ServerId server) {
        return cell.chunkHosts().stream()
                .flatMap(host -> host.disks().values().stream())
                .noneMatch(disk -> owner(disk).equals(server));
    }

    /** Every chunk as the master has decided, and every replica of it as it lies on the disks: for who looks into a failure. */
    String describe() {
        MasterServer master = cell.master();
        StringBuilder text = new StringBuilder();
        if (master != null) {
            Look look = new Look(all());
            for (Chunk chunk : master.image().chunksAfter(new ChunkHandle(0))) {
                text.append("    ").append(chunk).append('\n');
                look.all.stream()
                        .filter(found -> look.isOf(found, chunk))
                        .forEach(found -> text.append("      ")
                                .append(look.isGood(found, chunk) ? "good: " : "bad:  ")
                                .append(found.disk.describe(""))
                                .append(' ')
                                .append(found.server)
                                .append(' ')
                                .append(found.state)
                                .append('\n'));
            }
        }
        return text.toString();
    }

    private List<Found> all() {
        List<Found> all = new ArrayList<>();
        for (SimNode host : cell.chunkHosts()) {
            for (SimDisk disk : host.disks().values()) {
                addOf(host, disk, all);
            }
        }
        return all;
    }

    /** Whose the disk is; nobody's when it is empty. */
    private static ServerId owner(SimDisk disk) {
        try {
            return StoreView.identity(disk.inspect()).map(StoreIdentity::server).orElse(new ServerId(0));
        } catch (IOException e) {
            return new ServerId(0); // no chunkserver will start on it either
        }
    }

    private static void addOf(SimNode host, SimDisk disk, List<Found> all) {
        ServerId server = owner(disk);
        if (server.value() == 0) {
            return;
        }
        try {
            for (ReplicaState state : StoreView.replicas(disk.inspect())) {
                all.add(new Found(host, disk, server, state, false));
            }
            for (ChunkHandle handle : StoreView.putAside(disk.inspect())) {
                all.add(new Found(host, disk, server, nothing(handle), true));
            }
        } catch (IOException e) {
            throw new Violation("cannot look at " + disk.describe("") + ": " + e, e);
        }
    }

    private static ReplicaState nothing(ChunkHandle handle) {
        return new ReplicaState(handle, new ChunkVersion(0), new ChunkVersion(0), 0, 0, false, true);
    }

    /** Which replicas a deed would hit. */
    private interface Aim {
        boolean hits(Found found);
    }

    /** One look at everything. */
    private final class Look {
        private final List<Found> all;

        Look(List<Found> all) {
            this.all = all;
        }

        /** @param left good replicas that each chunk has then, if any of it would be hit */
        boolean allows(Aim aim, SimNode victim, int left) {
            MasterServer master = cell.master();
            if (master == null) {
                return false;
            }
            for (Chunk chunk : master.image().chunksAfter(new ChunkHandle(0))) {
                noteIfSunk(chunk, this);
                boolean concerned = all.stream().anyMatch(found -> isOf(found, chunk) && aim.hits(found))
                        || (!chunk.sealed() && isMember(chunk, victim));
                long surviving = all.stream()
                        .filter(found -> isOf(found, chunk) && !aim.hits(found) && isGood(found, chunk))
                        .filter(found -> !doubts.contains(doubt(found)))
                        .count();
                if (concerned && surviving < left) {
                    return false;
                }
            }
            return true;
        }

        private boolean isOf(Found found, Chunk chunk) {
            return found.state.handle().equals(chunk.handle());
        }

        private boolean isMember(Chunk chunk, SimNode host) {
            return host.disks().values().stream()
                    .map(Survivors::owner)
                    .anyMatch(server -> chunk.members().stream()
                            .anyMatch(member -> member.server().equals(server)));
        }

        /** Whether the chunk can go on from this replica alone; see "Starting a version" in docs/decisions/0001. */
        private boolean isGood(Found found, Chunk chunk) {
            ReplicaState state = found.state;
            if (found.aside
                    || state.suspect()
                    || isDamaged(found.host, chunk.handle().value())) {
                return false;
            }
            if (state.established().equals(chunk.version())) {
                return !chunk.sealed() || state.length() == chunk.length();
            }
            boolean loggedFull = chunk.members().stream()
                    .filter(ChunkMember::full)
                    .anyMatch(member -> member.server().equals(found.server));
            boolean nobodyBegan = all.stream()
                    .noneMatch(other ->
                            isOf(other, chunk) && other.state.established().equals(chunk.version()));
            return loggedFull && nobodyBegan && state.established().value() > 0;
        }
    }
}
