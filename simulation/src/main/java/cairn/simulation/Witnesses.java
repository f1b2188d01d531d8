package cairn.simulation;

import cairn.model.ChunkHandle;
import cairn.model.Invariant;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Tells every process's doings to all who take note. */
final class Witnesses implements Witness {

    /** So often no thread meets probes in one step, unless it goes round without ever waiting. */
    private static final int MET_IN_STEP_MAX = 1_000_000;

    private final List<Witness> all = new ArrayList<>();
    private final LongSupplier steps;
    private long step;
    private int metInStep;

    Witnesses(LongSupplier steps) {
        this.steps = steps;
    }

    void add(Witness one) {
        all.add(one);
    }

    @Override
    public void met(Probe probe) {
        if (steps.getAsLong() != step) {
            step = steps.getAsLong();
            metInStep = 0;
        }
        metInStep++;
        Invariant.check(metInStep < MET_IN_STEP_MAX, "a thread goes round and never waits; it has just met %s", probe);
        for (Witness one : all) {
            one.met(probe);
        }
    }

    @Override
    public void fenced(ChunkHandle chunk, long version, ServerId server) {
        for (Witness one : all) {
            one.fenced(chunk, version, server);
        }
    }

    @Override
    public void established(ChunkHandle chunk, long version, long serial, ServerId server, boolean leads) {
        for (Witness one : all) {
            one.established(chunk, version, serial, server, leads);
        }
    }

    @Override
    public void acknowledged(ChunkHandle chunk, long version, long serial, ServerId server, Acknowledged mutation) {
        for (Witness one : all) {
            one.acknowledged(chunk, version, serial, server, mutation);
        }
    }

    @Override
    public void served(ChunkHandle chunk, long version, ServerId server) {
        for (Witness one : all) {
            one.served(chunk, version, server);
        }
    }

    @Override
    public void foundDamaged(ChunkHandle chunk, ServerId server) {
        for (Witness one : all) {
            one.foundDamaged(chunk, server);
        }
    }

    @Override
    public void putOutOfUse(ChunkHandle chunk, ServerId server) {
        for (Witness one : all) {
            one.putOutOfUse(chunk, server);
        }
    }
}
