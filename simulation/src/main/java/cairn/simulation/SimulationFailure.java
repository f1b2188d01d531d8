package cairn.simulation;

import org.jspecify.annotations.Nullable;

/** A run that went wrong. The message holds all it takes to run it again: the seed and the options. */
public final class SimulationFailure extends AssertionError {

    private static final long serialVersionUID = 1L;

    SimulationFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
