package cairn.simulation.cell;

import cairn.client.Cairn;
import cairn.simulation.check.Violation;
import java.io.IOException;

/** Clients that use a cell and remember what they saw, and the judge of it. */
interface Workload {

    /** Starts its clients. */
    void start();

    /** From now on its clients begin nothing new. */
    void stop();

    /** Whether all clients have come to an end. */
    boolean isFinished();

    /**
     * Judges what the clients saw and what is there now, when all faults are over. Runs in a process of its own; throws
     * {@link Violation} when a promise was broken.
     */
    void check(Cairn cairn) throws IOException;

    /** What it did, in a few words. */
    String summary();
}
