package cairn.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * HDFS, fetched, and the bench's own classes for it, compiled: neither is part of Cairn, so a script of the checkout makes them
 * when they are asked for.
 *
 * @param java the command of a JVM that HDFS runs on
 * @param classPath of its servers and its client
 */
record HdfsKit(String java, String classPath) {
    /** Some 65 MB, over a slow line. */
    private static final Duration FETCH = Duration.ofMinutes(10);

    static HdfsKit prepare(Ground ground, Launcher launcher) throws IOException {
        Path script = launcher.hdfsScript();
        Path app = Path.of(launcher.classPath()).toAbsolutePath().getParent();
        if (script == null || app == null) {
            throw new IOException("HDFS can only be fetched by ./cairn in a checkout");
        }
        Child making = ground.start(
                "bench-hdfs",
                List.of(
                        script.toString(),
                        app.toString(),
                        ground.directory("hdfs-classes").toString()));
        return new HdfsKit(making.await("java=", FETCH), making.await("class-path=", FETCH));
    }

    /** The command line of a JVM. All options but the heap are the JVM's own, as HDFS leaves them, too. */
    List<String> command(String heap, Path log, String main, List<String> words) {
        List<String> command = new ArrayList<>(List.of(java, heap, "-Dcairn.bench.log=" + log, "-cp", classPath, main));
        command.addAll(words);
        return command;
    }
}
