package cairn.bench.hdfs;

import cairn.bench.client.WorkerMain;
import java.io.IOException;

/** A client process of HDFS: {@code HdfsWorkerMain NAMENODE DATANODES}. Ready once so many servers are live. */
public final class HdfsWorkerMain {

    private HdfsWorkerMain() {}

    public static void main(String[] arguments) throws IOException {
        HdfsAccess access = new HdfsAccess(arguments[0]);
        access.awaitLive(Integer.parseInt(arguments[1]));
        WorkerMain.serve(access);
    }
}
