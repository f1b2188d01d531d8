package cairn.bench;

import cairn.bench.client.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A system whose servers are up, with a client process of its own. One workload is open at a time. One thread. */
public final class Contender {
    /** One run of the slowest system, its preparation included. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** What deletes in the background is waited for so long: HDFS tells its data nodes every three seconds. */
    private static final Duration FREED = Duration.ofSeconds(20);

    private static final long LEFT_BYTES_MAX = 16 << 20;
    private static final long PAUSE_MILLIS = 50;

    private final Target target;
    private final Child client;
    private final Ground ground;
    private @Nullable Opened opened;

    private Contender(Target target, Child client, Ground ground) {
        this.target = target;
        this.client = client;
        this.ground = ground;
    }

    static Contender start(Target target, Ground ground) throws IOException {
        Child client = ground.start(target.name() + "-client", target.clientCommand());
        client.await("ready", Child.START);
        return new Contender(target, client, ground);
    }

    /** A cell of the build that the launcher starts, called {@code name}; it ends with the ground. */
    public static Contender cell(String name, Ground ground, Launcher launcher) throws IOException {
        return start(CairnServers.start(name, ground, launcher), ground);
    }

    /** What is read before and after a run, of processes from outside. */
    public interface Gauge {
        void before() throws IOException;

        void after() throws IOException;
    }

    /** @param kept bytes that the system has between the runs */
    private record Opened(Workload workload, Scale scale, long kept) {}

    public String name() {
        return target.name();
    }

    Fit fit(Workload workload) {
        return target.fit(workload);
    }

    public long clientId() {
        return client.pid();
    }

    public List<Long> serverIds() {
        return target.servers().stream().map(Child::pid).toList();
    }

    /** Prepares what all runs of a workload use. */
    public void open(Workload workload, Scale scale) throws IOException {
        ask("open " + workload.order(scale).encode());
        opened = new Opened(workload, scale, bytes());
    }

    /** Removes what {@link #open} made. */
    public void close() throws IOException {
        ask("close");
        opened = null;
    }

    /** One run of the workload that is open; its preparation is outside of what the gauge sees. */
    public Outcome run(int number, Gauge gauge) throws IOException {
        ask("ready " + number);
        gauge.before();
        Outcome outcome = Outcome.decode(ask("run " + number));
        gauge.after();
        ask("tidy " + number);
        if (outcome.operations() == 0) {
            throw new IOException(name() + ": no operation ended within the run");
        }
        return outcome;
    }

    /** One run, and what CPU time it cost; with memory at hand before, and what it wrote given back after. */
    public Run run(int number) throws IOException {
        Opened current = opened;
        if (current == null) {
            throw new IllegalStateException("no workload is open");
        }
        CpuGauge cpu = new CpuGauge(current.workload.written(current.scale));
        Outcome outcome = run(number, cpu);
        awaitFreed(current.kept);
        return Run.of(current.workload, outcome, cpu.seconds);
    }

    /**
     * Waits until a system has given back what the run wrote and deleted: pages of dead files are pages that the next system
     * must do without, and a run on memory that was just freed costs less than one on memory that was not.
     */
    private void awaitFreed(long kept) throws IOException {
        long deadline = System.nanoTime() + FREED.toNanos();
        try {
            while (bytes() > kept + LEFT_BYTES_MAX && System.nanoTime() < deadline) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private long bytes() throws IOException {
        return ground.bytesBelow(name() + "-");
    }

    private String ask(String question) throws IOException {
        return client.ask(question, PATIENCE);
    }

    /** CPU time of the client and all servers together, in seconds. */
    private final class CpuGauge implements Gauge {
        private final long bytesAtHand;
        private double seconds;

        private CpuGauge(long bytesAtHand) {
            this.bytesAtHand = bytesAtHand;
        }

        @Override
        public void before() throws IOException {
            ground.haveMemoryAtHand(bytesAtHand);
            seconds = -used();
        }

        @Override
        public void after() throws IOException {
            seconds += used();
        }

        private double used() throws IOException {
            double sum = client.cpu().toNanos();
            for (Child server : target.servers()) {
                sum += server.cpu().toNanos();
            }
            return sum / Duration.ofSeconds(1).toNanos();
        }
    }
}
