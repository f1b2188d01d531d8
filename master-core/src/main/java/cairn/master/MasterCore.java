package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.FilePath;
import cairn.model.Limits;
import cairn.model.proof.Witness;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ListReply;
import cairn.wire.proto.ListRequest;
import cairn.wire.proto.RequestId;

/**
 * The master, as one deterministic state machine. {@link #step} decides: it changes nothing durable, only what is learned
 * again anyway ({@link ClusterView}, running establishments). {@link #apply} changes the image and decides nothing. The
 * caller applies each turn's records before the next step, makes them durable, and only then performs the effects. Not
 * thread-safe.
 */
public final class MasterCore {
    private final MasterImage image;
    private final Desks desks;
    private final ChunkDesk chunks;
    private final ServerDesk servers;
    private final CopyDesk copies;
    private final RepairDesk repair;
    private final DrainDesk drains;
    private final LimitsDesk limits;
    private final ReportDesk report;
    private final CheckDesk check;
    private final ExplainDesk explain;
    private final HealthBook health;
    private final Counts counts = new Counts();
    private final Witness witness;

    /** What the desks share. */
    record Desks(
            MasterImage image,
            ClusterView view,
            Paths paths,
            Statuses statuses,
            Placement placement,
            VersionDesk versions,
            NamespaceDesk names,
            PurgeDesk purge,
            ForkDesk forks,
            VeilDesk veils,
            SnapshotDesk snapshots) {

        static Desks over(MasterImage image, MasterSettings settings, long nowNanos) {
            ClusterView view = new ClusterView(image, settings, nowNanos);
            Paths paths = new Paths(image);
            Statuses statuses = new Statuses(image, view);
            Placement placement = new Placement(view, image.geometry().chunkBytes());
            VersionDesk versions = new VersionDesk(image, view, settings, statuses, placement);
            NamespaceDesk names = new NamespaceDesk(image, paths, statuses, settings);
            VeilDesk veils = new VeilDesk(view, settings);
            return new Desks(
                    image,
                    view,
                    paths,
                    statuses,
                    placement,
                    versions,
                    names,
                    new PurgeDesk(image, view, settings),
                    new ForkDesk(view, versions, statuses),
                    veils,
                    new SnapshotDesk(paths, statuses, versions, names, veils));
        }
    }

    /** @param nowNanos when this life of the master begins: leases of an earlier one may last a while from here */
    public MasterCore(MasterImage image, MasterSettings settings, long nowNanos) {
        this(image, settings, nowNanos, Witness.NOBODY);
    }

    /** The same, and {@code witness} is told what is met. */
    public MasterCore(MasterImage image, MasterSettings settings, long nowNanos, Witness witness) {
        this.image = image;
        this.witness = witness;
        this.desks = Desks.over(image, settings, nowNanos);
        this.chunks = new ChunkDesk(desks, settings);
        this.servers = new ServerDesk(desks, settings);
        this.copies = new CopyDesk(desks, settings);
        Standings standings = new Standings(desks);
        this.health = new HealthBook(desks, standings, counts);
        BalanceDesk balance = new BalanceDesk(desks, settings, copies);
        this.repair = new RepairDesk(desks, settings, copies, balance, health);
        this.drains = new DrainDesk(desks, standings);
        this.limits = new LimitsDesk(image, desks.names().requests(), settings);
        this.report = new ReportDesk(
                desks,
                new ReportDesk.Doing(copies, drains, balance, limits),
                new ReportDesk.Judgement(standings, health, counts));
        this.check = new CheckDesk(desks, standings);
        this.explain = new ExplainDesk(desks, settings, standings, copies, drains);
    }

    public MasterImage image() {
        return image;
    }

    /** Versions being brought up. */
    public int establishmentCount() {
        return desks.versions().runningCount();
    }

    /** Replicas being copied. */
    public int copyCount() {
        return copies.runningCount();
    }

    ClusterView view() {
        return desks.view();
    }

    /** The one way in which the image changes; live, at a restart, and on a shadow master. */
    public void apply(MasterRecord record) {
        image.apply(record);
    }

    public Turn step(MasterInput input, Moment now) {
        Turn.Draft turn = new Turn.Draft(now, witness, counts);
        switch (input) {
            case MasterInput.Request request -> turn = serve(request, now);
            case MasterInput.OrderEnded ended -> orderEnded(ended, turn);
            case MasterInput.DropAnswered answer -> desks.veils().dropAnswered(answer, turn);
            case MasterInput.DropFailed failed -> desks.veils().dropFailed(failed, turn);
            case MasterInput.SnapshotDue() -> {
                if (!desks.forks().concludeLate(turn)) { // each logs what only one may log in a turn
                    desks.snapshots().advance(turn);
                }
            }
            case MasterInput.Tick(var seed) -> tick(seed, turn);
        }
        return turn.finish();
    }

    /** A refusal takes back what was drafted before it; a refused request has changed nothing. */
    private Turn.Draft serve(MasterInput.Request request, Moment now) {
        Turn.Draft turn = new Turn.Draft(now, witness, counts);
        try {
            serve(request, turn);
            return turn;
        } catch (CairnException refusal) {
            Turn.Draft refused = new Turn.Draft(now, witness, counts);
            desks.names().requests().refused(idOf(request), refusal);
            refused.refuse(request.ticket(), refusal.code(), String.valueOf(refusal.getMessage()));
            return refused;
        }
    }

    private static RequestId idOf(MasterInput.Request request) {
        return switch (request) {
            case MasterInput.Create create -> create.request().getId();
            case MasterInput.Mkdir mkdir -> mkdir.request().getId();
            case MasterInput.Delete delete -> delete.request().getId();
            case MasterInput.Rename rename -> rename.request().getId();
            case MasterInput.SetAttributes set -> set.request().getId();
            case MasterInput.Undelete undelete -> undelete.request().getId();
            case MasterInput.EmptyTrash empty -> empty.request().getId();
            case MasterInput.SetRules set -> set.request().getId();
            case MasterInput.Snapshot snapshot -> snapshot.request().getId();
            case MasterInput.Truncate truncate -> truncate.request().getId();
            case MasterInput.Drain drain -> drain.request().getId();
            case MasterInput.Forget forget -> forget.request().getId();
            case MasterInput.Limits limits -> limits.request().getId();
            default -> RequestId.getDefaultInstance();
        };
    }

    private void serve(MasterInput.Request request, Turn.Draft turn) throws CairnException {
        switch (request) {
            case MasterInput.Create create -> chunks.create(create, turn);
            case MasterInput.Mkdir(var ticket, var message) -> desks.names().mkdir(ticket, message, turn);
            case MasterInput.Delete(var ticket, var message) -> desks.names().delete(ticket, message, turn);
            case MasterInput.Rename(var ticket, var message) -> desks.names().rename(ticket, message, turn);
            case MasterInput.SetAttributes(var ticket, var message) ->
                desks.names().setAttributes(ticket, message, turn);
            case MasterInput.Stat stat -> stat(stat, turn);
            case MasterInput.ListDirectory(var ticket, var message) -> turn.answer(ticket, list(message, turn));
            case MasterInput.Undelete(var ticket, var message) -> desks.names().undelete(ticket, message, turn);
            case MasterInput.ListTrash(var ticket, var message) ->
                turn.answer(ticket, desks.names().trash().list(message));
            case MasterInput.EmptyTrash(var ticket, var message) ->
                desks.names().emptyTrash(ticket, message, turn);
            case MasterInput.SetRules(var ticket, var message) -> desks.names().setRules(ticket, message, turn);
            case MasterInput.Rules(var ticket, var message) ->
                turn.answer(ticket, desks.names().rules().show(message));
            case MasterInput.Locate locate -> chunks.locate(locate, turn);
            case MasterInput.OpenChunk open -> chunks.open(open, turn);
            case MasterInput.AddChunk add -> chunks.add(add, turn);
            case MasterInput.Snapshot(var ticket, var message) ->
                desks.snapshots().snapshot(ticket, message, turn);
            case MasterInput.Truncate truncate -> chunks.truncate(truncate, turn);
            case MasterInput.BadReplica(var ticket, var message) -> chunks.badReplica(ticket, message, turn);
            case MasterInput.Report asked -> turn.answer(asked.ticket(), report.report(asked, turn));
            case MasterInput.Drain(var ticket, var message) -> drains.drain(ticket, message, turn);
            case MasterInput.Limits(var ticket, var message) -> limits.limits(ticket, message, turn);
            case MasterInput.Forget(var ticket, var message) -> drains.forget(ticket, message, turn);
            case MasterInput.Check(var ticket, var message) -> turn.answer(ticket, check.check(message, turn.nanos()));
            case MasterInput.Explain(var ticket, var message) ->
                turn.answer(ticket, explain.explain(message, turn.nanos()));
            case MasterInput.Register(var ticket, var message) -> servers.register(ticket, message, turn);
            case MasterInput.Replicas(var ticket, var message) -> servers.replicas(ticket, message, turn);
            case MasterInput.Heartbeat(var ticket, var message) -> servers.heartbeat(ticket, message, turn);
            case MasterInput.SealChunk(var ticket, var message) -> chunks.seal(ticket, message, turn);
            case MasterInput.MemberFailed(var ticket, var message) -> chunks.memberFailed(ticket, message, turn);
        }
    }

    private void orderEnded(MasterInput.OrderEnded ended, Turn.Draft turn) {
        VersionDesk versions = desks.versions();
        switch (ended) {
            case MasterInput.PrepareAnswered answer -> versions.prepareAnswered(answer, turn);
            case MasterInput.PrepareFailed failed -> versions.prepareFailed(failed, turn);
            case MasterInput.LeadAnswered answer -> versions.leadAnswered(answer, turn);
            case MasterInput.LeadFailed failed -> versions.leadFailed(failed, turn);
            case MasterInput.ProbeAnswered answer -> versions.probeAnswered(answer, turn);
            case MasterInput.ProbeFailed failed -> versions.probeFailed(failed, turn);
            case MasterInput.CloneAnswered answer -> copies.cloneAnswered(answer, turn);
            case MasterInput.CloneFailed failed -> copies.cloneFailed(failed, turn);
            case MasterInput.ForkAnswered answer -> desks.forks().answered(answer, turn);
            case MasterInput.ForkFailed failed -> desks.forks().failed(failed, turn);
        }
    }

    private void tick(long seed, Turn.Draft turn) {
        servers.tick(turn);
        desks.view().tick(turn);
        desks.versions().tick(turn);
        repair.tick(seed, turn);
        drains.tick(turn);
        health.tick(turn);
        desks.purge().tick(turn);
        desks.veils().tick(turn);
        if (desks.forks().isAnyLate(turn.nanos()) || desks.snapshots().isBusy()) {
            turn.perform(new Effect.Again(new MasterInput.SnapshotDue()));
        }
    }

    private void stat(MasterInput.Stat input, Turn.Draft turn) throws CairnException {
        Inode inode = desks.paths().need(FilePath.parse(input.request().getPath()));
        if (!desks.veils().holds(input, inode.id(), turn)) {
            turn.answer(input.ticket(), desks.statuses().of(inode, turn.nanos()));
        }
    }

    /** The trash is reached by its path, and not shown. Bounded by bytes too: names may be long. */
    private ListReply list(ListRequest request, Turn.Draft turn) throws CairnException {
        FilePath path = FilePath.parse(request.getPath());
        Inode directory = desks.paths().need(path);
        if (!directory.directory()) {
            throw new CairnException(ErrorCode.NOT_DIRECTORY, path + " is a file, not a directory");
        }
        int asked = request.getLimit();
        int limit = asked <= 0 || asked > Limits.LIST_PAGE_MAX ? Limits.LIST_PAGE_MAX : asked;
        ListReply.Builder reply = ListReply.newBuilder();
        int bytes = 0;
        for (Inode entry : image.names().list(directory.id(), request.getAfter(), limit + 2)) {
            if (entry.id().equals(Inode.TRASH)) {
                continue;
            }
            FileStatus status = desks.statuses().of(entry, turn.nanos());
            bytes += status.getSerializedSize();
            if (reply.getEntriesCount() == limit || bytes > Limits.MESSAGE_BYTES_MAX / 2) {
                return reply.setMore(true).build();
            }
            reply.addEntries(status);
        }
        return reply.build();
    }
}
