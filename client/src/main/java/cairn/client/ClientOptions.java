package cairn.client;

import cairn.model.Invariant;
import cairn.model.proof.Rule;
import java.time.Duration;
import java.util.Set;

/**
 * How a {@link Cairn} behaves. Immutable; start from {@link #DEFAULTS} and change what you need.
 *
 * @param operationTimeout every blocking call ends by then, with an answer or an UNREACHABLE exception
 * @param connectTimeout for one attempt to reach one server
 * @param retryPauseMin the first pause before a retry; doubled, with jitter, up to {@code retryPauseMax}
 * @param retryPauseMax the longest pause before a retry
 * @param writeBytesMax mutations one output, writer or appender may have sent and not acknowledged
 * @param readAheadBytesMax bytes one input may have asked for ahead of a sequential reader
 * @param user owner of what this client creates
 * @param group group of what this client creates
 * @param host this machine's name as the chunkservers' addresses write it; replicas on it are preferred
 * @param rack this machine's rack; replicas in it are preferred; empty when unknown
 * @param shortCircuit whether replicas on this machine are read from their files where their servers permit it
 * @param hedgedShare of the reads through the network, at most so many are asked of a second replica because the first one is
 *     slow; 0 for none
 * @param broken rules that this client breaks; never any outside of tests of Cairn itself
 */
public record ClientOptions(
        Duration operationTimeout,
        Duration connectTimeout,
        Duration retryPauseMin,
        Duration retryPauseMax,
        int writeBytesMax,
        int readAheadBytesMax,
        String user,
        String group,
        String host,
        String rack,
        boolean shortCircuit,
        double hedgedShare,
        Set<Rule> broken) {

    public static final ClientOptions DEFAULTS = new ClientOptions(
            Duration.ofSeconds(60),
            Duration.ofSeconds(3),
            Duration.ofMillis(5),
            Duration.ofSeconds(1),
            8 << 20,
            4 << 20,
            "nobody",
            "nobody",
            "127.0.0.1",
            "",
            true,
            0.05,
            Set.of());

    public ClientOptions {
        Invariant.check(operationTimeout.toNanos() > 0, "the operation timeout is positive");
        Invariant.check(connectTimeout.toNanos() > 0, "the connect timeout is positive");
        Invariant.check(retryPauseMin.compareTo(retryPauseMax) <= 0, "the retry pauses are in order");
        Invariant.check(hedgedShare >= 0 && hedgedShare <= 1, "a share of reads is between 0 and 1");
        Invariant.check(writeBytesMax > 0 && readAheadBytesMax > 0, "bytes in flight are positive");
    }

    public ClientOptions withOperationTimeout(Duration timeout) {
        return new ClientOptions(
                timeout,
                connectTimeout,
                retryPauseMin,
                retryPauseMax,
                writeBytesMax,
                readAheadBytesMax,
                user,
                group,
                host,
                rack,
                shortCircuit,
                hedgedShare,
                broken);
    }

    public ClientOptions withConnectTimeout(Duration timeout) {
        return new ClientOptions(
                operationTimeout,
                timeout,
                retryPauseMin,
                retryPauseMax,
                writeBytesMax,
                readAheadBytesMax,
                user,
                group,
                host,
                rack,
                shortCircuit,
                hedgedShare,
                broken);
    }

    public ClientOptions withCaller(String caller, String callersGroup) {
        return new ClientOptions(
                operationTimeout,
                connectTimeout,
                retryPauseMin,
                retryPauseMax,
                writeBytesMax,
                readAheadBytesMax,
                caller,
                callersGroup,
                host,
                rack,
                shortCircuit,
                hedgedShare,
                broken);
    }

    public ClientOptions withPlace(String hostName, String rackName) {
        return new ClientOptions(
                operationTimeout,
                connectTimeout,
                retryPauseMin,
                retryPauseMax,
                writeBytesMax,
                readAheadBytesMax,
                user,
                group,
                hostName,
                rackName,
                shortCircuit,
                hedgedShare,
                broken);
    }

    public ClientOptions withBytesInFlight(int writeBytes, int readAheadBytes) {
        return new ClientOptions(
                operationTimeout,
                connectTimeout,
                retryPauseMin,
                retryPauseMax,
                writeBytes,
                readAheadBytes,
                user,
                group,
                host,
                rack,
                shortCircuit,
                hedgedShare,
                broken);
    }

    public ClientOptions withShortCircuit(boolean on) {
        return new ClientOptions(
                operationTimeout,
                connectTimeout,
                retryPauseMin,
                retryPauseMax,
                writeBytesMax,
                readAheadBytesMax,
                user,
                group,
                host,
                rack,
                on,
                hedgedShare,
                broken);
    }

    public ClientOptions withHedgedReads(double shareMax) {
        return new ClientOptions(
                operationTimeout,
                connectTimeout,
                retryPauseMin,
                retryPauseMax,
                writeBytesMax,
                readAheadBytesMax,
                user,
                group,
                host,
                rack,
                shortCircuit,
                shareMax,
                broken);
    }

    /** For tests of tests. */
    public ClientOptions breaking(Set<Rule> rules) {
        return new ClientOptions(
                operationTimeout,
                connectTimeout,
                retryPauseMin,
                retryPauseMax,
                writeBytesMax,
                readAheadBytesMax,
                user,
                group,
                host,
                rack,
                shortCircuit,
                hedgedShare,
                rules);
    }

    boolean keeps(Rule rule) {
        return !broken.contains(rule);
    }
}
