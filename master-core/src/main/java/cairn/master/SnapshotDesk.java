package cairn.master;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.FilePath;
import cairn.model.proof.Probe;
import cairn.wire.Method;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.SnapshotReply;
import cairn.wire.proto.SnapshotRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Clones files and trees (GFS 3.4; docs/decisions/0008). While a snapshot runs, chunks of its tree are sealed and none is opened or
 * added: requests for that wait. As soon as every chunk is sealed, one record makes the clone; that is its instant, which
 * every acknowledged mutation of the tree precedes or follows.
 *
 * <p>All of it but that record is volatile: after a restart of the master the caller asks again.
 */
final class SnapshotDesk {

    /** What one record clones at most: the master does nothing else meanwhile. */
    static final int ENTRIES_MAX = 200_000;

    /** Writers wait no longer than this; the snapshot is given up. */
    static final long HELD_NANOS_MAX = 15_000_000_000L;

    /** An answer says at least so often how far it is. */
    private static final long PROGRESS_NANOS = 1_000_000_000L;

    private static final int RUNNING_MAX = 16;
    private static final int HELD_MAX = 50_000;

    /** Chunks asked to be sealed at a time, so that orders about other chunks get through. */
    private static final int SEALS_MAX = 128;

    /** A seal that was not logged by then is asked for again. */
    private static final long SEAL_AGAIN_NANOS = 500_000_000L;

    private final MasterImage image;
    private final ClusterView view;
    private final Paths paths;
    private final VersionDesk versions;
    private final NamespaceDesk names;
    private final Statuses statuses;
    private final VeilDesk veils;
    private final List<Running> running = new ArrayList<>();

    /** One snapshot on its way. */
    private static final class Running {
        final SnapshotRequest request;
        final FilePath from;
        final FilePath to;
        final FileId source;
        final long begunNanos;
        final List<Waiter> waiters = new ArrayList<>();
        final List<MasterInput.Request> held = new ArrayList<>();

        /** Open chunks that were not asked for yet, and when the others were. */
        final Deque<ChunkHandle> open = new ArrayDeque<>();

        final NavigableMap<ChunkHandle, Long> asked = new TreeMap<>();
        long entries;
        long sealed;

        Running(SnapshotRequest request, FilePath from, FilePath to, FileId source, long begunNanos) {
            this.request = request;
            this.from = from;
            this.to = to;
            this.source = source;
            this.begunNanos = begunNanos;
        }

        SnapshotReply.Builder progress(long nanos) {
            return SnapshotReply.newBuilder()
                    .setEntries(entries)
                    .setOpen((long) open.size() + asked.size())
                    .setSealed(sealed)
                    .setHeldNanos(nanos - begunNanos);
        }
    }

    private record Waiter(long ticket, long untilNanos) {}

    SnapshotDesk(Paths paths, Statuses statuses, VersionDesk versions, NamespaceDesk names, VeilDesk veils) {
        this.view = veils.view();
        this.image = view.image();
        this.paths = paths;
        this.statuses = statuses;
        this.versions = versions;
        this.names = names;
        this.veils = veils;
    }

    boolean isBusy() {
        return !running.isEmpty();
    }

    void snapshot(long ticket, SnapshotRequest request, Turn.Draft turn) throws CairnException {
        if (request.getId().getSequence() == 0) {
            throw new CairnException(ErrorCode.BAD_REQUEST, "a snapshot is asked for with an id");
        }
        if (names.answeredBefore(ticket, request.getId(), Method.SNAPSHOT, turn)) {
            return;
        }
        Waiter waiter = new Waiter(ticket, turn.nanos() + PROGRESS_NANOS);
        for (Running each : running) {
            if (each.request.getId().equals(request.getId())) {
                each.waiters.add(waiter);
                return;
            }
        }
        Running begun = begin(request, turn);
        begun.waiters.add(waiter);
        running.add(begun);
        look(begun, turn);
        askForSeals(begun, turn);
        if (begun.asked.isEmpty() && !isVeiled(begun)) {
            complete(begun, turn);
        }
    }

    private Running begin(SnapshotRequest request, Turn.Draft turn) throws CairnException {
        FilePath from = FilePath.parse(request.getFrom());
        FilePath to = FilePath.parse(request.getTo());
        Inode source = needSource(from, to);
        Inode parent = needPlace(to);
        names.quotas().needRoom(parent.id(), null, image.use(source), turn);
        if (running.size() >= RUNNING_MAX) {
            throw new CairnException(ErrorCode.BUSY, RUNNING_MAX + " snapshots are being made already");
        }
        Running begun = new Running(request, from, to, source.id(), turn.nanos());
        begun.entries = count(source);
        if (begun.entries > ENTRIES_MAX) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST,
                    "%s has more than the %d files and directories that one snapshot takes; clone its directories one by one"
                            .formatted(from, ENTRIES_MAX));
        }
        return begun;
    }

    private Inode needSource(FilePath from, FilePath to) throws CairnException {
        Paths.refuseTrash(from);
        Paths.refuseTrash(to);
        if (to.equals(from)) {
            throw new CairnException(
                    ErrorCode.BAD_RENAME, from + " cannot be cloned onto itself; give the clone a path of its own");
        }
        if (to.isWithin(from)) {
            throw new CairnException(
                    ErrorCode.BAD_RENAME, "a snapshot of " + from + " cannot stand at " + to + ", which is inside it");
        }
        return paths.need(from);
    }

    private Inode needPlace(FilePath to) throws CairnException {
        if (paths.find(to) != null) {
            throw new CairnException(ErrorCode.EXISTS, to + " exists already; a snapshot gets a name of its own");
        }
        Inode parent = paths.need(to.parent());
        if (!parent.directory()) {
            throw new CairnException(ErrorCode.NOT_DIRECTORY, to.parent() + " is a file, not a directory");
        }
        return parent;
    }

    private long count(Inode source) {
        TreeWalk walk = new TreeWalk(image.names(), source);
        long entries = 0;
        while (entries <= ENTRIES_MAX && walk.next() != null) {
            entries++;
        }
        return entries;
    }

    // ---- sealing

    /** Finds what is open in the tree now; moves may have brought something into it. */
    private void look(Running of, Turn.Draft turn) {
        of.entries = 0;
        of.open.clear();
        of.asked.clear();
        Inode source = image.names().find(of.source);
        TreeWalk walk = new TreeWalk(image.names(), source == null ? rootless(of) : source);
        for (Inode next = walk.next(); next != null; next = walk.next()) {
            of.entries++;
            if (!next.directory()) {
                addOpen(next, of);
            }
        }
        turn.metIf(!of.open.isEmpty(), Probe.SNAPSHOT_FOUND_OPEN_CHUNKS);
    }

    /** It is gone for good: there is nothing to look at, and {@link #complete} will say so. */
    private static Inode rootless(Running of) {
        return new Inode(of.source, Inode.NOWHERE, "", true, new Attributes("", "", 0, 1, 0, false));
    }

    private void addOpen(Inode file, Running of) {
        int count = image.names().chunkCount(file.id());
        for (int index = 0; index < count; index++) {
            ChunkHandle handle = image.names().chunkAt(file.id(), index);
            Chunk chunk = image.chunk(handle);
            if (chunk != null && !chunk.sealed()) {
                of.open.add(handle);
            }
        }
    }

    private void askForSeals(Running of, Turn.Draft turn) {
        while (of.asked.size() < SEALS_MAX && !of.open.isEmpty()) {
            ChunkHandle next = of.open.poll();
            Chunk chunk = image.chunk(next);
            if (chunk != null && !chunk.sealed()) {
                of.asked.put(next, turn.nanos());
                seal(chunk, turn);
            }
        }
    }

    /** By its primary; when nobody leads it, somebody is made to first. */
    private void seal(Chunk chunk, Turn.Draft turn) {
        if (!versions.seal(chunk, turn)) {
            turn.met(Probe.SNAPSHOT_OF_UNLED_CHUNK);
            versions.bringUpAndSeal(chunk, turn);
        }
    }

    /** A seal is in the records of this turn. */
    void sealed(ChunkHandle chunk, Turn.Draft turn) {
        for (Running each : running) {
            if (each.asked.remove(chunk) != null) {
                each.sealed++;
                askForSeals(each, turn);
                if (each.asked.isEmpty()) {
                    turn.perform(new Effect.Again(new MasterInput.SnapshotDue()));
                }
            }
        }
    }

    // ---- holding writers

    /** Whether the request would open or add a chunk in a tree that is being cloned: then it is served afterwards. */
    boolean holds(MasterInput.Request request, Inode file, Turn.Draft turn) throws CairnException {
        for (Running each : running) {
            if (isWithin(file, each.source)) {
                if (each.held.size() >= HELD_MAX) {
                    throw new CairnException(ErrorCode.BUSY, "too many wait for the snapshot of " + each.from);
                }
                turn.met(Probe.WRITER_HELD_BY_SNAPSHOT);
                each.held.add(request);
                return true;
            }
        }
        return false;
    }

    private boolean isVeiled(Running of) {
        return veils.files().stream().anyMatch(file -> isWithin(image.names().find(file), of.source));
    }

    private boolean isWithin(@Nullable Inode file, FileId top) {
        Inode at = file;
        while (at != null && !at.id().equals(top)) {
            at = image.names().find(at.parent());
        }
        return at != null;
    }

    // ---- going on

    /** Completes or gives up one snapshot at most: the records of each are to be applied before the next. */
    void advance(Turn.Draft turn) {
        for (Running each : List.copyOf(running)) {
            tellProgress(each, turn);
            if (advance(each, turn)) {
                if (isBusy()) {
                    turn.perform(new Effect.Again(new MasterInput.SnapshotDue()));
                }
                return;
            }
        }
    }

    /** Whether it has ended. */
    private boolean advance(Running of, Turn.Draft turn) {
        of.asked.keySet().removeIf(this::isSettled);
        askForSeals(of, turn);
        if (of.asked.isEmpty()) {
            look(of, turn);
            askForSeals(of, turn);
        }
        if (of.asked.isEmpty()) {
            boolean veiled = isVeiled(of); // the clone would show what was cut
            turn.metIf(veiled, Probe.SNAPSHOT_AWAITS_VEIL);
            if (!veiled) {
                complete(of, turn);
            }
            return !veiled;
        }
        if (turn.nanos() - of.begunNanos > HELD_NANOS_MAX) {
            turn.met(Probe.SNAPSHOT_GIVEN_UP);
            Chunk blocking = image.chunk(of.asked.firstKey());
            String why = blocking == null
                    ? "chunks are opened again and again"
                    : versions.explain(blocking, versions.running(blocking.handle()), turn.nanos());
            refuse(of, ErrorCode.NO_REPLICA, of.from + " cannot be cloned now: " + why, turn);
            return true;
        }
        askAgain(of, turn);
        return false;
    }

    private boolean isSettled(ChunkHandle handle) {
        Chunk chunk = image.chunk(handle);
        return chunk == null || chunk.sealed();
    }

    private void askAgain(Running of, Turn.Draft turn) {
        for (var entry : of.asked.entrySet()) {
            Chunk chunk = image.chunk(entry.getKey());
            if (chunk != null && turn.nanos() - entry.getValue() > SEAL_AGAIN_NANOS) {
                turn.met(Probe.SNAPSHOT_ASKS_AGAIN);
                entry.setValue(turn.nanos());
                seal(chunk, turn);
            }
        }
    }

    private static void tellProgress(Running of, Turn.Draft turn) {
        of.waiters.removeIf(waiter -> {
            boolean due = turn.nanos() >= waiter.untilNanos();
            if (due) {
                turn.answer(waiter.ticket(), of.progress(turn.nanos()).build());
            }
            return due;
        });
    }

    // ---- the end

    /** Everything in the tree is sealed, in the image as it is now: what is logged here is equal to it. */
    private void complete(Running of, Turn.Draft turn) {
        Inode source;
        Inode parent;
        try {
            source = needSource(of.from, of.to);
            parent = needPlace(of.to);
            if (!source.id().equals(of.source)) {
                throw new CairnException(ErrorCode.CONFLICT, of.from + " was replaced while it was to be cloned");
            }
            names.quotas().needRoom(parent.id(), null, image.use(source), turn);
            if (of.entries > ENTRIES_MAX) {
                throw new CairnException(ErrorCode.CONFLICT, of.from + " grew beyond what one snapshot takes");
            }
        } catch (CairnException changed) {
            turn.met(Probe.SNAPSHOT_OVERTAKEN);
            names.requests().refused(of.request.getId(), changed);
            refuse(of, changed.code(), String.valueOf(changed.getMessage()), turn);
            return;
        }
        FileId first = new FileId(image.nextFileId());
        turn.log(new MasterRecord.TreeCloned(source.id(), parent.id(), of.to.name(), first, of.entries, turn.millis()));
        names.remember(of.request.getId(), Method.SNAPSHOT, first, turn);
        turn.note(
                "snapshot of %s at %s: %d entries, %d chunks sealed for it, writers held for %d ms",
                Words.of(of.from.toString()),
                Words.of(of.to.toString()),
                of.entries,
                of.sealed,
                (turn.nanos() - of.begunNanos) / 1_000_000);
        SnapshotReply reply = of.progress(turn.nanos())
                .setDone(true)
                .setStatus(statusOf(source, first, of.to.name(), turn.nanos()))
                .build();
        of.waiters.forEach(waiter -> turn.answer(waiter.ticket(), reply));
        end(of, turn);
    }

    private FileStatus statusOf(Inode source, FileId clone, String name, long nanos) {
        return statuses.of(source, nanos).toBuilder()
                .setFileId(clone.value())
                .setName(name)
                .build();
    }

    private void refuse(Running of, ErrorCode code, String why, Turn.Draft turn) {
        of.waiters.forEach(waiter -> turn.refuse(waiter.ticket(), code, why));
        end(of, turn);
    }

    private void end(Running of, Turn.Draft turn) {
        running.remove(of);
        of.held.forEach(request -> turn.perform(new Effect.Again(request)));
    }
}
