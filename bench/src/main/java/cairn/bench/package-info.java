/**
 * A bench: workloads, run by client processes against systems of server processes, in turn. Start at {@link cairn.bench.Bench};
 * {@link cairn.bench.Target} is a system, {@link cairn.bench.Contender} one that is up with its client; {@code client} is what runs in a client
 * process, {@code raw} the bare moves, {@code gate} the performance gate; what is HDFS's own is in {@code src/hdfs}.
 *
 * <p>Nothing that ships data knows of it; the command line that parses and prints is in {@code cli}.
 */
@NullMarked
package cairn.bench;

import org.jspecify.annotations.NullMarked;
