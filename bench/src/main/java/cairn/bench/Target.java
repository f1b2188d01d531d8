package cairn.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * A system that is measured: its servers are up, and all of them are processes of their own.
 *
 * @param name as on the command line
 * @param clientCommand the command line of a client process
 * @param fits whether it can do a workload, and what is otherwise than with Cairn
 */
record Target(String name, List<Child> servers, List<String> clientCommand, Function<Workload, Fit> fits) {

    Target {
        servers = List.copyOf(servers);
        clientCommand = List.copyOf(clientCommand);
    }

    Fit fit(Workload workload) {
        return fits.apply(workload);
    }

    /** Starts the system that is called {@code name}. */
    static Target start(String name, Ground ground, Launcher launcher) throws IOException {
        return switch (name) {
            case "cairn" -> CairnServers.start(name, ground, launcher);
            case "raw" -> RawServers.start(ground, launcher);
            case "hdfs" -> HdfsServers.start(ground, launcher);
            case "moosefs" -> MoosefsServers.start(ground, launcher);
            default -> throw new IllegalArgumentException("there is no system '" + name + "' to compare with");
        };
    }
}
