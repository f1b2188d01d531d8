package cairn.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** HDFS: a name node and three data nodes, each a process. */
final class HdfsServers {
    private static final int DATA_NODES = 3;
    private static final String SERVER = "cairn.bench.hdfs.HdfsServerMain";
    private static final String WORKER = "cairn.bench.hdfs.HdfsWorkerMain";

    // Enough for some hundred thousand files, for 64 connections to a data node, and for 64 streams of a client.
    private static final String NAME_NODE_HEAP = "-Xmx768m";
    private static final String DATA_NODE_HEAP = "-Xmx512m";
    private static final String CLIENT_HEAP = "-Xmx1g";

    private HdfsServers() {}

    static Target start(Ground ground, Launcher launcher) throws IOException {
        HdfsKit kit = HdfsKit.prepare(ground, launcher);
        List<Child> servers = new ArrayList<>();
        String names = ground.directory("hdfs-namenode").toString();
        server(ground, kit, "hdfs-format", List.of("format", names)).await("formatted", Child.START);
        Child nameNode = server(ground, kit, "hdfs-namenode", List.of("namenode", names));
        servers.add(nameNode);
        String address = nameNode.address();
        for (int i = 1; i <= DATA_NODES; i++) {
            String name = "hdfs-datanode-" + i;
            String data = ground.directory(name).toString();
            servers.add(server(ground, kit, name, List.of("datanode", data, address)));
        }
        for (Child dataNode : servers.subList(1, servers.size())) {
            dataNode.address();
        }
        List<String> client = kit.command(
                CLIENT_HEAP, ground.file("hdfs-client.log"), WORKER, List.of(address, Integer.toString(DATA_NODES)));
        return new Target("hdfs", servers, client, HdfsServers::fit);
    }

    private static Child server(Ground ground, HdfsKit kit, String name, List<String> words) throws IOException {
        String heap = words.get(0).equals("datanode") ? DATA_NODE_HEAP : NAME_NODE_HEAP;
        return ground.start(name, kit.command(heap, ground.file(name + ".log"), SERVER, words));
    }

    private static Fit fit(Workload workload) {
        return switch (workload.job()) {
            case FOLLOW -> Fit.unable("a reader would have to open the file again and again");
            case APPEND, APPEND_PIPELINED -> Fit.ownFiles(workload);
            default -> Fit.SAME;
        };
    }
}
