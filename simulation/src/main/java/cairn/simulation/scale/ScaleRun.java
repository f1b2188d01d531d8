package cairn.simulation.scale;

import java.time.Duration;
import java.util.List;

/** One scenario in one cell, from the master's start to the end of repair. */
final class ScaleRun {
    private static final Duration SETTLE = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** What a cell that was evened out may still differ by: half of what begins it ({@code uneven-percent}). */
    private static final double EVEN = 0.05;

    private static final double SECOND = 1e9;
    private static final double MILLION = 1e6;

    private final ScalePlan plan;
    private final Scenario scenario;
    private final ScaleCell cell;
    private final Ledger ledger;
    private final Figures figures = new Figures();

    /** The modelled servers and what they hold, and the master's log on its disk. */
    private long heapBefore;

    private ScaleRun(ScalePlan plan, Scenario scenario, Progress progress) {
        this.plan = plan;
        this.scenario = scenario;
        this.cell = new ScaleCell(plan, progress);
        this.ledger = cell.ledger();
    }

    static Figures run(ScalePlan plan, Scenario scenario, Progress progress) {
        ScaleRun run = new ScaleRun(plan, scenario, progress);
        try (ScaleCell _ = run.cell) {
            run.start();
            run.idle();
            run.befall();
            run.sum();
            run.weigh();
        }
        return run.figures;
    }

    private void start() {
        heapBefore = heap();
        arrive("at the start");
        figures.put("servers", plan.servers(), "");
        figures.put("chunks", plan.chunks(), "");
        figures.put("files", plan.files(), "");
    }

    /** The master starts, and all servers come. */
    private void arrive(String when) {
        long cpu = cell.cpu().nanos();
        long began = cell.nowNanos();
        cell.startMaster();
        figures.put("CPU of recovery " + when, seconds(cell.cpu().nanos() - cpu), "s");
        cpu = cell.cpu().nanos();
        if (when.equals("at the start")) {
            cell.startServers(0);
        }
        cell.run("servers register", cell::allRegistered);
        figures.put("CPU of all registrations " + when, seconds(cell.cpu().nanos() - cpu), "s");
        figures.put("all registered after, " + when, seconds(cell.nowNanos() - began), "s");
        figures.put("calls refused or late, " + when, ledger.refusals(), "");
    }

    /** What heartbeats alone cost. */
    private void idle() {
        cell.runFor("settling", SETTLE);
        long cpu = cell.cpu().nanos();
        long ticks = cell.cpu().nanosOf("ticks");
        long heartbeats = ledger.heartbeats();
        long began = cell.nowNanos();
        cell.runFor("idle", IDLE);
        double seconds = seconds(cell.nowNanos() - began);
        double inTicks = (double) (cell.cpu().nanosOf("ticks") - ticks);
        double inAll = (double) (cell.cpu().nanos() - cpu);
        double beats = (double) (ledger.heartbeats() - heartbeats);
        figures.put("heartbeats a second, idle", beats / seconds, "1/s");
        figures.put("CPU of a heartbeat, idle", (inAll - inTicks) / beats / 1e3, "us");
        figures.put("CPU of the master's ticks, idle", 100 * inTicks / SECOND / seconds, "percent of a core");
        figures.put("CPU of the master, idle", 100 * inAll / SECOND / seconds, "percent of a core");
    }

    private void befall() {
        List<ModelServer> servers = cell.servers();
        switch (scenario) {
            case SERVER -> mend(List.of(servers.getFirst()));
            case PAIR -> mend(List.copyOf(servers.subList(0, 2)));
            case RACK ->
                mend(servers.stream()
                        .filter(server -> server.rack().equals(plan.rackOf(0)))
                        .toList());
            case EXPANSION -> expand();
            case RESTART -> restart();
        }
    }

    private void mend(List<ModelServer> victims) {
        long lostBefore = ledger.with(0);
        long cpu = cell.cpu().nanos();
        long began = cell.nowNanos();
        victims.forEach(ModelServer::die);
        cell.servers().removeAll(victims);
        figures.put("servers that died", victims.size(), "");
        figures.put("chunks without a replica", ledger.with(0) - lostBefore, "");
        figures.put("replicas missing", ledger.under() + ledger.with(1), "");
        figures.put("chunks with one replica", ledger.with(1), "");
        long[] since = {ledger.with(1) == 0 ? 0 : -1, -1};
        cell.run("repair", () -> {
            if (since[1] < 0 && ledger.running() > 0) {
                since[1] = cell.nowNanos() - began;
            }
            if (since[0] < 0 && ledger.with(1) == 0) {
                since[0] = cell.nowNanos() - began;
            }
            return ledger.under() == 0;
        });
        double seconds = seconds(cell.nowNanos() - began);
        figures.put("first copy begins after", seconds(since[1]), "s");
        figures.put("chunks with one replica are back to two after", seconds(since[0]), "s");
        figures.put("full redundancy after", seconds, "s");
        figures.put("full redundancy after, minutes", seconds / 60, "min");
        figures.put("copied a second, over all of that", (double) ledger.bytes() / seconds / MILLION, "MB/s");
        figures.put(
                "CPU of the master during repair",
                100 * seconds(cell.cpu().nanos() - cpu) / seconds,
                "percent of a core");
    }

    private void expand() {
        int former = cell.servers().size();
        long cpu = cell.cpu().nanos();
        long began = cell.nowNanos();
        for (int i = 0; i < Math.max(1, former / 10); i++) {
            cell.addServer(new int[0]);
        }
        figures.put("servers that join", cell.servers().size() - former, "");
        figures.put("fullest less emptiest, before", 100 * cell.unevenness(), "percent of a disk");
        cell.startServers(former);
        cell.run("evening out", () -> ledger.running() == 0 && ledger.over() == 0 && isEven());
        double seconds = seconds(cell.nowNanos() - began);
        figures.put("even after", seconds, "s");
        figures.put("fullest less emptiest, after", 100 * cell.unevenness(), "percent of a disk");
        figures.put("copied a second, over all of that", (double) ledger.bytes() / seconds / MILLION, "MB/s");
        figures.put(
                "CPU of the master while it evens out",
                100 * seconds(cell.cpu().nanos() - cpu) / seconds,
                "percent of a core");
    }

    private boolean isEven() {
        return cell.unevenness() <= EVEN + 1.0 * plan.chunkBytes() / plan.diskBytes(1);
    }

    private void restart() {
        long copies = ledger.copies();
        cell.killMaster();
        arrive("at the restart");
        cell.runFor("after the restart", SETTLE.plus(IDLE));
        figures.put("copies made for the restart", ledger.copies() - copies, "");
    }

    private static double seconds(long nanos) {
        return (double) nanos / SECOND;
    }

    private void sum() {
        figures.put("copies made", ledger.copies(), "");
        figures.put("bytes copied", ledger.bytes(), "bytes");
        figures.put("most copies at a time", ledger.mostRunning(), "");
        figures.put("most copies at a time at a server", ledger.mostAtServer(), "");
        figures.put("replicas dropped", ledger.dropped(), "");
        figures.put("chunks lost", ledger.with(0), "");
        figures.put("orders that no modelled server carries out", ledger.unplannedOrders(), "");
    }

    /** The modelled servers' ends of the connections are in it, too. */
    private void weigh() {
        long bytes = heap() - heapBefore;
        figures.put("heap of the master", bytes, "bytes");
        figures.put("heap of the master for each chunk", (double) bytes / plan.chunks(), "bytes");
    }

    @SuppressWarnings("SystemGc") // what is live is to be weighed
    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
