package cairn.cli;

import cairn.client.CellReport;
import cairn.client.CellReport.DiskHealth;
import cairn.client.CellReport.ServerHealth;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A report as gauges and counters in the text exposition format of Prometheus; names are stable. */
final class Metrics {
    private final StringBuilder text = new StringBuilder();

    private Metrics() {}

    static String of(CellReport report) {
        Metrics metrics = new Metrics();
        metrics.cell(report);
        metrics.servers(report.servers());
        report.counts().forEach((name, value) -> {
            metrics.head("cairn_" + name + "_total", "counter", "since the master started");
            metrics.value("cairn_" + name + "_total", Map.of(), value);
        });
        return metrics.text.toString();
    }

    private void cell(CellReport report) {
        gauge("cairn_master_uptime_seconds", "since the master started", report.uptimeMillis() / 1000);
        gauge("cairn_files", "files", report.files());
        gauge("cairn_directories", "directories", report.directories());
        gauge("cairn_chunks_open", "chunks open for writing", report.chunksOpen());
        gauge("cairn_chunks_single", "chunks with one good copy that should have more", report.chunksSingle());
        gauge("cairn_log_index", "records of the operation log", report.logIndex());
        gauge("cairn_checkpoint_index", "records in the newest checkpoint", report.checkpointIndex());
        head("cairn_chunks", "gauge", "chunks in each class of health");
        report.health().forEach((health, chunks) -> value("cairn_chunks", Map.of("health", health), chunks));
    }

    private void servers(List<ServerHealth> servers) {
        SortedMap<String, Long> states = new TreeMap<>(Map.of("live", 0L, "silent", 0L, "dead", 0L));
        SortedMap<String, Long> disks = new TreeMap<>(Map.of("ok", 0L, "full", 0L, "failing", 0L));
        for (ServerHealth server : servers) {
            states.merge(server.state(), 1L, Long::sum);
            server.disks().forEach(disk -> disks.merge(disk.state(), 1L, Long::sum));
        }
        head("cairn_servers", "gauge", "chunkservers in each state");
        states.forEach((state, count) -> value("cairn_servers", Map.of("state", state), count));
        head("cairn_disks", "gauge", "disks in each state");
        disks.forEach((state, count) -> value("cairn_disks", Map.of("state", state), count));
        each(servers, "cairn_server_replicas", "replicas of each chunkserver", ServerHealth::replicas);
        each(servers, "cairn_server_orphans", "replicas that belong to no chunk", ServerHealth::orphans);
        each(servers, "cairn_server_damaged", "damaged replicas kept as the last ones", ServerHealth::damaged);
        each(servers, "cairn_server_used_bytes", "bytes of replicas", server -> sum(server, DiskHealth::usedBytes));
        each(servers, "cairn_server_usable_bytes", "bytes free", server -> sum(server, DiskHealth::usableBytes));
    }

    private interface Figure<T> {
        long of(T thing);
    }

    private static long sum(ServerHealth server, Figure<DiskHealth> figure) {
        long sum = 0;
        for (DiskHealth disk : server.disks()) {
            sum += figure.of(disk);
        }
        return sum;
    }

    private void each(List<ServerHealth> servers, String name, String help, Figure<ServerHealth> figure) {
        head(name, "gauge", help);
        servers.forEach(server -> value(name, Map.of("server", server.id().toString()), figure.of(server)));
    }

    private void gauge(String name, String help, long value) {
        head(name, "gauge", help);
        value(name, Map.of(), value);
    }

    private void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void value(String name, Map<String, String> labels, long value) {
        text.append(name);
        labels.forEach((label, word) ->
                text.append('{').append(label).append("=\"").append(word).append("\"}"));
        text.append(' ').append(value).append('\n');
    }
}
