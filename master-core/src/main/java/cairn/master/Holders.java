package cairn.master;

import cairn.model.ServerId;
import cairn.wire.proto.ReplicaReport;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Who has a replica of a chunk, by the servers' ids, and what each reported of it last. A handful for each of millions of chunks,
 * so it is two short arrays. Not thread-safe; whoever gets it from {@link ClusterView} only reads it.
 */
final class Holders {
    static final Holders NOBODY = new Holders();

    private ServerId[] servers = {};
    private ReplicaReport[] reports = {};

    int size() {
        return servers.length;
    }

    boolean isEmpty() {
        return servers.length == 0;
    }

    /** Where it is; if it is not there, where it would be, as {@code -(place + 1)}. */
    private int find(ServerId server) {
        int at = 0;
        while (at < servers.length) {
            int order = servers[at].compareTo(server);
            if (order >= 0) {
                return order == 0 ? at : -(at + 1);
            }
            at++;
        }
        return -(at + 1);
    }

    @Nullable
    ReplicaReport get(ServerId server) {
        int at = find(server);
        return at < 0 ? null : reports[at];
    }

    boolean contains(ServerId server) {
        return find(server) >= 0;
    }

    /** By rising id. */
    List<ServerId> servers() {
        return Collections.unmodifiableList(Arrays.asList(servers));
    }

    void forEach(BiConsumer<ServerId, ReplicaReport> action) {
        for (int i = 0; i < servers.length; i++) {
            action.accept(servers[i], reports[i]);
        }
    }

    boolean any(BiPredicate<ServerId, ReplicaReport> condition) {
        for (int i = 0; i < servers.length; i++) {
            if (condition.test(servers[i], reports[i])) {
                return true;
            }
        }
        return false;
    }

    /** Replicas of a sealed chunk are nearly all alike: in memory there is one report of them. */
    void put(ServerId server, ReplicaReport report) {
        int at = find(server);
        if (at < 0) {
            at = -at - 1;
            servers = Arrays.copyOf(servers, servers.length + 1);
            reports = Arrays.copyOf(reports, reports.length + 1);
            System.arraycopy(servers, at, servers, at + 1, servers.length - at - 1);
            System.arraycopy(reports, at, reports, at + 1, reports.length - at - 1);
            servers[at] = server;
            reports[at] = report; // so that none is missing while the others are compared with it
        }
        reports[at] = shared(report);
    }

    private ReplicaReport shared(ReplicaReport report) {
        for (ReplicaReport other : reports) {
            if (other.equals(report)) {
                return other;
            }
        }
        return report;
    }

    /** Returns what it had reported. */
    @Nullable
    ReplicaReport remove(ServerId server) {
        int at = find(server);
        if (at < 0) {
            return null;
        }
        ReplicaReport former = reports[at];
        servers = without(servers, at);
        reports = without(reports, at);
        return former;
    }

    private static <T> T[] without(T[] from, int at) {
        T[] rest = Arrays.copyOf(from, from.length - 1);
        System.arraycopy(from, at + 1, rest, at, rest.length - at);
        return rest;
    }
}
