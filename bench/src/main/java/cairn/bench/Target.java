package cairn.bench;

import java.io.IOException;
import java.util.List;

/** A system that is measured: its servers are up, and all of them are processes of their own. */
interface Target {

    /** As it is named on the command line and to client processes. */
    String name();

    /** Where clients find it. */
    String address();

    List<Child> servers();

    /** Whether it can do this, and what is otherwise than with Cairn. */
    Fit fit(Workload workload);

    /** The command line of a client process. */
    List<String> clientCommand();

    /** Starts the system that is called {@code name}. */
    static Target start(String name, Ground ground, Launcher launcher) throws IOException {
        return switch (name) {
            case "cairn" -> CairnTarget.start(ground, launcher);
            case "raw" -> RawTarget.start(ground, launcher);
            case "hdfs" -> HdfsTarget.start(ground, launcher);
            default -> throw new IllegalArgumentException("there is no system '" + name + "' to compare with");
        };
    }
}
