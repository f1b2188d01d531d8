package cairn.simulation;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import java.util.ArrayList;
import java.util.List;

/** Tells every process's doings to all who take note. */
final class Witnesses implements Witness {

    private final List<Witness> all = new ArrayList<>();

    void add(Witness one) {
        all.add(one);
    }

    @Override
    public void met(Probe probe) {
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
