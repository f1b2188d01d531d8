package cairn.bench.hdfs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.net.NetUtils;

/**
 * A server of HDFS on a free port of loopback: {@code HdfsServerMain namenode DIRECTORY}, once {@code format DIRECTORY} has made
 * that, or {@code datanode DIRECTORY NAMENODE}. Settings are HDFS's own, but for places and one more. Ends with its input.
 */
public final class HdfsServerMain {
    private static final String FREE_PORT = "127.0.0.1:0";

    private HdfsServerMain() {}

    public static void main(String[] arguments) {
        String directory = Path.of(arguments[1]).toUri().toString();
        try {
            if (arguments[0].equals("format")) {
                NameNode.format(nameNodeSettings(directory));
                System.out.println("formatted");
            } else {
                InetSocketAddress address = arguments[0].equals("namenode")
                        ? NameNode.createNameNode(new String[0], nameNodeSettings(directory))
                                .getNameNodeAddress()
                        : DataNode.createDataNode(new String[0], dataNodeSettings(directory, arguments[2]))
                                .getXferAddress();
                System.out.println("listening on " + NetUtils.getHostPortString(address));
                while (System.in.read() >= 0) {} // ends with who started it
            }
            System.exit(0);
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            System.exit(1); // what has started would go on
        }
    }

    private static Configuration nameNodeSettings(String directory) {
        Configuration settings = new HdfsConfiguration();
        settings.set("fs.defaultFS", "hdfs://" + FREE_PORT);
        settings.set("dfs.namenode.http-address", FREE_PORT);
        settings.set("dfs.namenode.name.dir", directory);
        // Names of hosts are nothing that a bench on loopback should wait for.
        settings.setBoolean("dfs.namenode.datanode.registration.ip-hostname-check", false);
        // By default a server that is busier than most gets no replica: with three servers, a file would then have only
        // two.
        settings.setBoolean("dfs.namenode.redundancy.considerLoad", false);
        return settings;
    }

    private static Configuration dataNodeSettings(String directory, String nameNode) {
        Configuration settings = new HdfsConfiguration();
        settings.set("fs.defaultFS", "hdfs://" + nameNode);
        settings.set("dfs.datanode.data.dir", directory);
        settings.set("dfs.datanode.hostname", "127.0.0.1");
        settings.set("dfs.datanode.address", FREE_PORT);
        settings.set("dfs.datanode.http.address", FREE_PORT);
        settings.set("dfs.datanode.ipc.address", FREE_PORT);
        return settings;
    }
}
