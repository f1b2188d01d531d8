/**
 * A bench: workloads, run by client processes against systems of server processes, in turn. Start at {@link cairn.bench.Bench};
 * {@link cairn.bench.Target} is a system, {@code client} what runs in a client process, {@code raw} the bare moves; what is HDFS's own is
 * in {@code src/hdfs}.
 *
 * <p>Nothing that ships data knows of it; the command line that parses and prints is in {@code cli}.
 */
@NullMarked
package cairn.bench;

import org.jspecify.annotations.NullMarked;
