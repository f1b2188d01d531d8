package cairn.bench;

import cairn.bench.client.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * MooseFS, as Debian packs it: a master, three chunkservers and the process that mounts it, which counts among the servers. All of
 * them, and the client, are in a network and a mount namespace of their own: a chunkserver refuses loopback addresses, and the mount
 * ends with the last process that sees it.
 */
final class MoosefsServers {
    private static final int CHUNKSERVERS = 3;
    private static final String ADDRESS = "10.77.0.1"; // nobody else is in that network
    private static final int FIRST_PORT = 9431;

    /** Without metadata of its own the master does not start. */
    private static final Path FIRST_METADATA = Path.of("/var/lib/mfs/metadata.mfs.empty");

    private static final List<String> PROGRAMS = List.of(
            "mfsmaster",
            "mfschunkserver",
            "mfsmount",
            "mfssetgoal",
            "mfssettrashtime",
            "mfsfileinfo",
            "ip",
            "unshare",
            "nsenter");
    private static final String PACKAGES = "moosefs-master moosefs-chunkserver moosefs-client iproute2 util-linux";

    private final Ground ground;
    private final List<String> inside;
    private final int nice;

    private MoosefsServers(Ground ground, List<String> inside, int nice) {
        this.ground = ground;
        this.inside = inside;
        this.nice = nice;
    }

    static Target start(Ground ground, Launcher launcher) throws IOException {
        checkInstalled(places());
        checkAllowed();
        MoosefsServers moosefs = new MoosefsServers(ground, enter(namespaces(ground)), niceLevel());
        List<Child> servers = new ArrayList<>();
        servers.add(moosefs.master());
        for (int i = 1; i <= CHUNKSERVERS; i++) {
            servers.add(moosefs.chunkServer(i));
        }
        Path mount = ground.directory("moosefs-mount");
        servers.add(moosefs.mount(mount));
        List<String> client = new ArrayList<>(moosefs.inside);
        client.addAll(launcher.main(WorkerMain.class, List.of("moosefs", mount.toString())));
        return new Target("moosefs", servers, client, MoosefsServers::fit);
    }

    /** Where programs are; what only root needs may not be on the path. */
    private static List<Path> places() {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return List.of(path.split(":")).stream().map(Path::of).toList();
    }

    /** Says what to install. */
    static void checkInstalled(List<Path> places) throws IOException {
        List<String> missing = PROGRAMS.stream()
                .filter(program -> places.stream().noneMatch(place -> Files.isExecutable(place.resolve(program))))
                .toList();
        if (!missing.isEmpty()) {
            throw new IOException("MooseFS needs " + String.join(", ", missing) + ": apt-get install " + PACKAGES);
        }
    }

    private static void checkAllowed() throws IOException {
        if (!Files.isWritable(Path.of("/dev/fuse"))) {
            throw new IOException("MooseFS is mounted by FUSE: /dev/fuse is missing, or only root may open it");
        }
        if (!Files.isReadable(FIRST_METADATA)) {
            throw new IOException("MooseFS starts from " + FIRST_METADATA + ", which cannot be read: are you root?");
        }
    }

    private static Child namespaces(Ground ground) throws IOException {
        String making = "PATH=$PATH:/usr/sbin:/sbin; ip link set lo up && ip address add " + ADDRESS
                + "/32 dev lo && echo made && exec cat";
        Child holder = ground.start("moosefs-space", List.of("unshare", "--net", "--mount", "sh", "-c", making));
        holder.await("made", Child.START);
        return holder;
    }

    private static List<String> enter(Child holder) {
        return List.of("nsenter", "--target", Long.toString(holder.pid()), "--net", "--mount", "--");
    }

    /** MooseFS gives itself -19 unless told; it gets what the others have. */
    private static int niceLevel() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    private Child master() throws IOException {
        Path data = ground.directory("moosefs-master");
        Files.copy(FIRST_METADATA, data.resolve("metadata.mfs"));
        Path exports = Files.writeString(data.resolve("exports.cfg"), "* / rw,alldirs,maproot=0\n");
        Path topology = Files.writeString(data.resolve("topology.cfg"), "");
        Child master = server(data, "mfsmaster", """
                EXPORTS_FILENAME = %s
                TOPOLOGY_FILENAME = %s
                MATOML_LISTEN_HOST = %s
                MATOCS_LISTEN_HOST = %3$s
                MATOCL_LISTEN_HOST = %3$s
                """.formatted(exports, topology, ADDRESS));
        master.await("daemon initialized", Child.START);
        return master;
    }

    private Child chunkServer(int number) throws IOException {
        Path data = ground.directory("moosefs-cs" + number);
        Path disks = Files.writeString(data.resolve("hdd.cfg"), ground.directory("moosefs-data" + number) + "\n");
        Child server = server(data, "mfschunkserver", """
                HDD_CONF_FILENAME = %s
                MASTER_HOST = %s
                CSSERV_LISTEN_HOST = %2$s
                CSSERV_LISTEN_PORT = %d
                """.formatted(disks, ADDRESS, FIRST_PORT + number));
        server.await("connected to Master", Child.START);
        return server;
    }

    private Child server(Path data, String program, String settings) throws IOException {
        Path file = Files.writeString(data.resolve(program + ".cfg"), settings + """
                WORKING_USER = root
                WORKING_GROUP = root
                DATA_PATH = %s
                NICE_LEVEL = %d
                """.formatted(data, nice));
        return start(data.getFileName().toString(), List.of(program, "-f", "-c", file.toString(), "start"));
    }

    /** Neither data nor attributes stay in the kernel: what is read has been fetched, as with the others. */
    private Child mount(Path at) throws IOException {
        String options = "mfsnice=" + nice + ",mfscachemode=DIRECT,mfsattrcacheto=0,mfsdirentrycacheto=0";
        return start("moosefs-mount", List.of("mfsmount", "-f", "-H", ADDRESS, "-o", options, at.toString()));
    }

    /** It says what it does now on one stream, now on the other. */
    private Child start(String name, List<String> command) throws IOException {
        List<String> words = new ArrayList<>(inside);
        words.addAll(List.of("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; exec \"$@\" 2>&1", "sh"));
        words.addAll(command);
        return ground.start(name, words);
    }

    static Fit fit(Workload workload) {
        if (workload.synced()) {
            return Fit.unable("it syncs to disk for all files or for none");
        }
        return switch (workload.job()) {
            case FOLLOW -> Fit.unable("a reader would have to look at the file again and again");
            case APPEND, APPEND_PIPELINED -> Fit.ownFiles(workload);
            default -> Fit.SAME;
        };
    }
}
