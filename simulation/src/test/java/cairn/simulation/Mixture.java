package cairn.simulation;

import cairn.model.ServerAddress;
import cairn.world.Connection;
import cairn.world.Disk;
import cairn.world.DiskFile;
import cairn.world.Listener;
import cairn.world.World;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A bit of everything at once, to compare histories: echo servers that log to disk, clients, and all kinds of harm. */
@SuppressWarnings({"LockNotBeforeTry", "try"}) // finally would never run in a crash; a watchdog may close
final class Mixture {

    private static final int SERVERS = 3;
    private static final int CLIENTS = 4;
    private static final int CALLS = 30;
    private static final int PORT = 7000;

    private final Simulation simulation;
    private int finished;

    private Mixture(Simulation simulation) {
        this.simulation = simulation;
    }

    /** Prints the hash of the seed given: for a fresh JVM. */
    public static void main(String[] arguments) {
        System.out.println(Long.toHexString(hashOf(Long.parseLong(arguments[0]))));
    }

    static long hashOf(long seed) {
        return hashOf(seed, null);
    }

    static long hashOf(long seed, @Nullable PrintStream trace) {
        try (Simulation simulation = new Simulation(seed, SimOptions.swarm(seed))) {
            if (trace != null) {
                simulation.traceTo(trace);
            }
            new Mixture(simulation).run();
            return simulation.hash();
        }
    }

    static long stepsOf(long seed) {
        try (Simulation simulation = new Simulation(seed, SimOptions.swarm(seed))) {
            new Mixture(simulation).run();
            return simulation.steps();
        }
    }

    private void run() {
        List<SimNode> servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            SimNode server = simulation.node("server" + i);
            server.start(this::serve);
            servers.add(server);
        }
        for (int i = 0; i < CLIENTS; i++) {
            simulation.node("client" + i).start(this::call);
        }
        Nemesis nemesis = new Nemesis(simulation);
        servers.forEach(server -> nemesis.torments(server, this::serve));
        nemesis.start(Duration.ofSeconds(30));
        simulation.run(Duration.ofHours(2), () -> finished == CLIENTS);
    }

    private void serve(World world) throws IOException {
        Disk disk = world.disks().open("/data");
        Listener listener = world.network().listen(new ServerAddress("0.0.0.0", PORT));
        ReentrantLock lock = new ReentrantLock();
        Condition logged = lock.newCondition();
        while (true) {
            Connection connection = listener.accept();
            world.threads().start("echo", () -> echo(world, disk, connection, lock, logged));
        }
    }

    private void echo(World world, Disk disk, Connection connection, ReentrantLock lock, Condition logged) {
        ByteBuffer buffer = ByteBuffer.allocate(500);
        try (connection) {
            while (connection.read(buffer.clear()) >= 0) {
                log(disk, buffer.flip());
                lock.lock();
                boolean _ = world.time()
                        .await(
                                lock,
                                logged,
                                world.time().nanos() + world.entropy().below(1000));
                logged.signalAll();
                lock.unlock();
                connection.write(buffer.rewind());
            }
        } catch (IOException e) {
            // the client tries again
        }
    }

    private static void log(Disk disk, ByteBuffer bytes) throws IOException {
        try (DiskFile file = disk.exists("log") ? disk.open("log") : disk.create("log")) {
            file.write(bytes, file.bytes());
            file.sync();
            disk.syncDirectory("");
        } catch (java.nio.file.FileAlreadyExistsException | java.nio.file.NoSuchFileException e) {
            // another connection was faster
        }
    }

    private void call(World world) {
        for (int done = 0; done < CALLS; ) {
            ServerAddress to = new ServerAddress("server" + world.entropy().below(SERVERS), PORT);
            done += callOnce(world, to) ? 1 : 0;
        }
        finished++;
    }

    private static boolean callOnce(World world, ServerAddress to) {
        byte[] sent = new byte[1 + world.entropy().below(400)];
        try (Connection connection = world.network().connect(to, world.time().nanos() + 2_000_000_000L)) {
            world.threads().start("watchdog", () -> {
                world.time().sleep(5_000_000_000L);
                connection.close();
            });
            connection.write(ByteBuffer.wrap(sent));
            ByteBuffer back = ByteBuffer.allocate(sent.length);
            while (back.hasRemaining() && connection.read(back) >= 0) {
                // until all is back
            }
            return !back.hasRemaining();
        } catch (IOException e) {
            world.time().sleep(100_000_000L);
            return false;
        }
    }
}
