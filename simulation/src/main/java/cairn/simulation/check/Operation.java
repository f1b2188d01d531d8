package cairn.simulation.check;

import java.util.List;

/** What one client did to a shared object, and when, for {@link Linearizability}. Times are numbers of events. */
public interface Operation<S> {

    /** The client has not been answered: what it asked for may happen at any time from its call on, or never. */
    long NEVER = Long.MAX_VALUE;

    long invokedAt();

    /** {@link #NEVER} when there was no answer. */
    long returnedAt();

    /**
     * The states in which the object may be after this operation took place in {@code state}; none when what the client
     * saw is impossible there.
     */
    List<S> step(S state);
}
