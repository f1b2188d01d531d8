package cairn.bench.gate;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.Closeable;
import java.io.IOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A JVM of ours, asked from outside: nothing in it is made for that. */
final class JvmDoor implements Closeable {
    private final JMXConnector connector;
    private final MBeanServerConnection beans;
    private final ObjectName threads;

    private JvmDoor(JMXConnector connector, ObjectName threads) throws IOException {
        this.connector = connector;
        this.beans = connector.getMBeanServerConnection();
        this.threads = threads;
    }

    @SuppressWarnings("BanJNDI") // the address is our own child's, which the kernel lets only us attach to
    static JvmDoor open(long processId) throws IOException {
        try {
            VirtualMachine jvm = VirtualMachine.attach(Long.toString(processId));
            try {
                JMXServiceURL address = new JMXServiceURL(jvm.startLocalManagementAgent());
                return new JvmDoor(JMXConnectorFactory.connect(address), new ObjectName("java.lang:type=Threading"));
            } finally {
                jvm.detach();
            }
        } catch (AttachNotSupportedException | JMException e) {
            throw new IOException("process " + processId + " cannot be asked: " + e, e);
        }
    }

    /** By all threads that there were, virtual ones by way of their carriers, since the start of the JVM. */
    long allocatedBytes() throws IOException {
        try {
            return ((Number) beans.getAttribute(threads, "TotalThreadAllocatedBytes")).longValue();
        } catch (JMException e) {
            throw new IOException("the JVM does not say what it allocated: " + e, e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
