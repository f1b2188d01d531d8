package cairn.master;

import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.ErrorCode;
import cairn.model.FileId;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a veil over a file from which chunks were cut (docs/decisions/0009): while a chunkserver may still serve what was cut, nobody
 * is told that the file is shorter. Requests that would show it wait, the truncate first of all.
 *
 * <p>Which files are veiled is logged; who is waited for is volatile: a master that starts waits for every server that it knows.
 */
final class VeilDesk {

    /** Requests that wait for one file; beyond it they are told to come back. */
    private static final int HELD_MAX = 10_000;

    /** What a server that lives may need for each replica that it drops, before its term is awaited instead. */
    private static final long DROP_NANOS = 10_000_000L;

    private final MasterImage image;
    private final ClusterView view;
    private final MasterSettings settings;
    private final NavigableMap<FileId, Veil> veils = new TreeMap<>();
    private long lastNumber;

    private static final class Veil {
        final long number;
        final FileId file;
        final boolean ofEarlierLife;
        final long patientUntilNanos;

        /** Servers that may still serve what was cut, and their sessions then; 0: none. */
        final NavigableMap<ServerId, Long> awaited = new TreeMap<>();

        final List<MasterInput.Request> held = new ArrayList<>();

        Veil(long number, FileId file, boolean ofEarlierLife, long patientUntilNanos) {
            this.number = number;
            this.file = file;
            this.ofEarlierLife = ofEarlierLife;
            this.patientUntilNanos = patientUntilNanos;
        }
    }

    VeilDesk(ClusterView view, MasterSettings settings) {
        this.image = view.image();
        this.view = view;
        this.settings = settings;
        for (FileId file : image.veiled()) {
            Veil veil = new Veil(++lastNumber, file, true, view.startNanos());
            view.servers().forEach(server -> veil.awaited.put(server.id, 0L));
            veils.put(file, veil);
        }
    }

    ClusterView view() {
        return view;
    }

    /** The files that are veiled now. */
    Collection<FileId> files() {
        return Collections.unmodifiableCollection(veils.keySet());
    }

    /** Whether the request has to wait, because its answer would show what the file was cut to. */
    boolean holds(MasterInput.Request request, FileId file, Turn.Draft turn) throws CairnException {
        Veil veil = veils.get(file);
        if (veil == null) {
            return false;
        }
        if (veil.held.size() >= HELD_MAX) {
            throw new CairnException(
                    ErrorCode.BUSY, "too many wait until chunkservers have dropped what was cut from " + file);
        }
        turn.met(Probe.REQUEST_HELD_BY_VEIL);
        veil.held.add(request);
        return true;
    }

    /**
     * The records of this turn cut {@code gone} from the file, and from the cell: has the replicas dropped. Whether the file is
     * veiled until that is done.
     */
    boolean cover(FileId file, List<ChunkHandle> gone, Turn.Draft turn) {
        if (gone.isEmpty()) {
            return false;
        }
        Veil veil =
                new Veil(++lastNumber, file, false, turn.nanos() + settings.leftBehind() + gone.size() * DROP_NANOS);
        for (ServerId holder : view.forgetFor(veil.number, gone, turn)) {
            ServerState server = view.server(holder);
            veil.awaited.put(holder, server == null ? 0 : server.session());
        }
        for (ServerState server : view.servers()) {
            if (!server.heard) {
                veil.awaited.put(server.id, server.session());
            }
        }
        removeSettled(veil, turn);
        if (veil.awaited.isEmpty()) {
            return false;
        }
        veils.put(file, veil);
        turn.log(new MasterRecord.VeilSet(file, true));
        return true;
    }

    void dropAnswered(MasterInput.DropAnswered answer, Turn.Draft turn) {
        Veil veil = find(answer.veil());
        if (veil != null) {
            veil.awaited.remove(answer.server());
            liftIfSettled(veil, turn);
        }
    }

    void dropFailed(MasterInput.DropFailed failed, Turn.Draft turn) {
        Veil veil = find(failed.veil());
        if (veil == null || !veil.awaited.containsKey(failed.server())) {
            return;
        }
        view.noteFailure(failed.server(), failed.failure(), turn);
        turn.note(
                "%s: %s did not drop what was cut: %s",
                veil.file, failed.server(), failed.failure().reason());
        awaitTerm(veil, failed.server(), turn);
        liftIfSettled(veil, turn);
    }

    void tick(Turn.Draft turn) {
        for (Veil veil : List.copyOf(veils.values())) {
            if (turn.nanos() > veil.patientUntilNanos) {
                List.copyOf(veil.awaited.keySet()).forEach(server -> awaitTerm(veil, server, turn));
            }
            liftIfSettled(veil, turn);
        }
    }

    private @Nullable Veil find(long number) {
        for (Veil veil : veils.values()) {
            if (veil.number == number) {
                return veil;
            }
        }
        return null;
    }

    /** It is not heard any more before it has registered again, or its term would never end. */
    private void awaitTerm(Veil veil, ServerId id, Turn.Draft turn) {
        ServerState server = view.server(id);
        Long session = veil.awaited.get(id);
        if (server != null && session != null && session != 0 && server.session() == session) {
            turn.met(Probe.TERM_AWAITED_AFTER_CUT);
            view.takeBack(server, turn);
        }
    }

    private void removeSettled(Veil veil, Turn.Draft turn) {
        veil.awaited.entrySet().removeIf(each -> isSettled(each.getKey(), each.getValue(), turn.nanos()));
    }

    /** It has registered since, and serves only what it was left with then; or it serves nothing any more. */
    private boolean isSettled(ServerId id, long sessionThen, long nanos) {
        ServerState server = view.server(id);
        boolean anew = server != null && server.session() != 0 && server.session() != sessionThen;
        return anew || nanos > view.mayServeUntil(id);
    }

    private void liftIfSettled(Veil veil, Turn.Draft turn) {
        removeSettled(veil, turn);
        if (!veil.awaited.isEmpty()) {
            return;
        }
        veils.remove(veil.file);
        turn.metIf(veil.ofEarlierLife, Probe.VEIL_OF_AN_EARLIER_LIFE);
        turn.log(new MasterRecord.VeilSet(veil.file, false));
        veil.held.forEach(request -> turn.perform(new Effect.Again(request)));
    }
}
