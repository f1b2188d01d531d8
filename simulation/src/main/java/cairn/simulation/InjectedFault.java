package cairn.simulation;

import java.io.IOException;

/** A fault the simulated world made up: never to be mistaken for a mistake of ours. */
public final class InjectedFault extends IOException {

    private static final long serialVersionUID = 1L;

    InjectedFault(String message) {
        super(message);
    }
}
