package cairn.cli;

import cairn.cli.text.Sizes;
import cairn.client.CellReport.ServerHealth;
import cairn.model.Amount;

/** How far the drain of a chunkserver is, in the same words everywhere. */
final class Draining {

    private Draining() {}

    /** A server that is away would seem empty. */
    static boolean isDone(ServerHealth server) {
        return server.draining() && server.state().equals("live") && server.replicas() == 0;
    }

    static boolean isBlocked(ServerHealth server) {
        return server.draining() && !isDone(server) && !server.blocked().isEmpty();
    }

    /** What stands beside its state; empty when nobody drains it. */
    static String state(ServerHealth server) {
        return !server.draining() ? "" : isDone(server) ? "drained" : isBlocked(server) ? "drain blocked" : "draining";
    }

    /** One that is drained, with what is in the way or what comes next. */
    static String words(ServerHealth server) {
        if (isDone(server)) {
            return server.id() + " is drained, it holds nothing any more; stop its process, and half a minute later: "
                    + "cairn forget " + server.id();
        }
        return isBlocked(server)
                ? server.id() + ": the drain is blocked, " + left(server) + ": " + server.blocked()
                : server.id() + " is being drained, " + left(server);
    }

    static String left(ServerHealth server) {
        return Amount.of(server.replicas(), "replica") + " left, " + Sizes.human(server.leftBytes());
    }
}
