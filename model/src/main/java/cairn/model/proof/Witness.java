package cairn.model.proof;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;

/**
 * Is told what a process goes through. Called from any thread, often, under locks: an implementation must be quick, must not
 * block and must not throw.
 */
public interface Witness {

    /** Notes nothing. */
    Witness NOBODY = new Witness() {
        @Override
        public void met(Probe probe) {}
    };

    /** A branch that handles a fault is taken. */
    void met(Probe probe);

    /** A replica has promised, durably, to refuse every version older than this one. */
    default void fenced(ChunkHandle chunk, long version, ServerId server) {}

    /**
     * A replica takes part in a version from now on.
     *
     * @param serial of the last mutation that its content has
     * @param leads whether it is the primary
     */
    default void established(ChunkHandle chunk, long version, long serial, ServerId server, boolean leads) {}

    /**
     * What was acknowledged.
     *
     * @param identity the same number for the same requests of the same producers
     * @param synced whether it, and all before it, is on every member's disk
     */
    record Acknowledged(long identity, boolean synced) {}

    /** A primary has a mutation on all members and is about to tell the client. */
    default void acknowledged(ChunkHandle chunk, long version, long serial, ServerId server, Acknowledged mutation) {}

    /** A replica is about to answer a reader. */
    default void served(ChunkHandle chunk, long version, ServerId server) {}

    /** A server has found that it cannot count on its replica: it does not match its checksums, or its disk fails. */
    default void foundDamaged(ChunkHandle chunk, ServerId server) {}

    /** Such a replica is put aside or deleted, as the master says: nobody reads it again. */
    default void putOutOfUse(ChunkHandle chunk, ServerId server) {}
}
