package cairn.bench.client;

import cairn.bench.raw.RawAccess;
import java.io.IOException;

/** The systems that a client process can talk to. */
final class Accesses {

    private Accesses() {}

    static Access open(String system, String address) throws IOException {
        return switch (system) {
            case "cairn" -> new CairnAccess(address);
            case "raw" -> new RawAccess(address);
            case "moosefs" -> new MoosefsAccess(address);
            default -> throw new IllegalArgumentException("there is no system " + system);
        };
    }
}
