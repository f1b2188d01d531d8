package cairn.bench.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client process: {@code WorkerMain SYSTEM ADDRESS}. Takes an order a line on standard input ({@code open}, {@code ready N},
 * {@code run N}, {@code tidy N}, {@code close}), answers each with {@code ok ...} or {@code error WHY}, ends with its input.
 */
public final class WorkerMain {
    private final Access access;
    private @Nullable Order order;
    private @Nullable Job job;

    private WorkerMain(Access access) {
        this.access = access;
    }

    public static void main(String[] arguments) throws IOException {
        serve(Accesses.open(arguments[0], arguments[1]));
    }

    /** Takes orders for a system until the input ends; then this process ends. */
    public static void serve(Access system) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Access access = system) {
            WorkerMain worker = new WorkerMain(access);
            System.out.println("ready");
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                System.out.println(worker.answer(line));
                System.out.flush();
            }
        }
        System.exit(0); // whatever threads a system's client leaves behind
    }

    private String answer(String line) {
        try {
            return "ok " + obey(line);
        } catch (IOException | RuntimeException e) {
            return "error " + e.toString().replaceAll("\\s+", " ");
        }
    }

    private String obey(String line) throws IOException {
        int space = line.indexOf(' ');
        String verb = space < 0 ? line : line.substring(0, space);
        String rest = space < 0 ? "" : line.substring(space + 1);
        if (verb.equals("open")) {
            order = Order.decode(rest);
            job = Jobs.make(order, access);
            job.open();
            return "";
        }
        Order given = order;
        Job current = job;
        if (given == null || current == null) {
            throw new IllegalStateException("nothing is open");
        }
        switch (verb) {
            case "ready" -> ready(current, given, Integer.parseInt(rest));
            case "run" -> {
                return run(current, given, Integer.parseInt(rest)).encode();
            }
            case "tidy" -> current.tidy(Integer.parseInt(rest));
            case "close" -> current.close();
            default -> throw new IllegalArgumentException("what is " + verb + "?");
        }
        return "";
    }

    private static void ready(Job job, Order order, int run) throws IOException {
        inThreads(order.threads(), thread -> {
            job.ready(run, thread);
            return new Meter();
        });
    }

    private static Outcome run(Job job, Order order, int run) throws IOException {
        long start = System.nanoTime();
        long end = start
                + (order.seconds() > 0 ? (long) (order.seconds() * TimeUnit.SECONDS.toNanos(1)) : Long.MAX_VALUE / 4);
        long operations = order.operations() > 0 ? order.operations() : Long.MAX_VALUE;
        List<Meter> meters = inThreads(order.threads(), thread -> {
            Meter meter = new Meter();
            boolean more = true;
            while (more && System.nanoTime() < end && meter.operations < operations) {
                more = job.step(run, thread, meter);
            }
            job.finish(run, thread);
            return meter;
        });
        long nanos = System.nanoTime() - start;
        Latencies all = new Latencies();
        meters.forEach(meter -> all.addAll(meter.latencies));
        return new Outcome(
                meters.stream().mapToLong(meter -> meter.operations).sum(),
                meters.stream().mapToLong(meter -> meter.bytes).sum(),
                nanos,
                all);
    }

    /** What one thread does. */
    private interface Part {
        Meter of(int thread) throws IOException;
    }

    private static List<Meter> inThreads(int threads, Part part) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Meter>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                parts.add(() -> part.of(thread));
            }
            List<Meter> meters = new ArrayList<>();
            for (Future<Meter> each : executor.invokeAll(parts)) {
                meters.add(each.get());
            }
            return meters;
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            executor.shutdown();
        }
    }
}
