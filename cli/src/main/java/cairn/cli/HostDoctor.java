package cairn.cli;

import cairn.cli.text.Sizes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at this machine: what servers need of it, and the directories that they keep their data in. For one thread. */
final class HostDoctor {
    /** A chunkserver holds a file for each replica in use and one for each connection. */
    private static final long FILES_MIN = 65_536;

    private static final long MEMORY_MIN = 512L << 20;
    private static final double FREE_MIN = 0.05;
    private static final int SYNCS = 9;

    /** Every change of a name, a chunk's version or a synced mutation waits for one. */
    private static final long SYNC_NANOS_MAX = 50_000_000L;

    private static final List<String> VOLATILE = List.of("tmpfs", "ramfs", "overlay");
    private static final List<String> REMOTE =
            List.of("nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "fuse.sshfs", "ceph");

    private final List<Finding> findings = new ArrayList<>();

    private final CellDoctor.Locality cell;

    /** @param cell whose servers are judged, of those that run here */
    HostDoctor(CellDoctor.Locality cell) {
        this.cell = cell;
    }

    /** @param directories to look at beside those of servers that run here */
    List<Finding> look(List<String> directories) {
        memory();
        List<LocalServer> running = LocalServer.all();
        List<LocalServer> servers = running.stream()
                .filter(server -> !server.isOfAnother(cell.cell()))
                .toList();
        servers.forEach(this::process);
        NavigableSet<String> all = new TreeSet<>(directories);
        servers.forEach(server -> all.addAll(server.directories()));
        NavigableSet<Path> known = new TreeSet<>();
        running.forEach(server -> server.stores().forEach(store -> known.add(normal(store))));
        directories.forEach(directory -> known.add(normal(directory)));
        Map<String, String> stores = new TreeMap<>();
        for (String directory : all) {
            directory(directory, stores);
        }
        NavigableSet<Path> parents = new TreeSet<>();
        all.stream()
                .map(HostDoctor::normal)
                .map(Path::getParent)
                .filter(Objects::nonNull)
                .forEach(parents::add);
        parents.forEach(parent -> leftovers(parent, known));
        return findings;
    }

    private static Path normal(String directory) {
        return Path.of(directory).toAbsolutePath().normalize();
    }

    private void memory() {
        Runtime.Version java = Runtime.version();
        findings.add(Finding.ok("java", java + " at " + System.getProperty("java.home", "?")));
        Optional<Long> available =
                field(Path.of("/proc/meminfo"), "MemAvailable:").map(kib -> kib << 10);
        if (available.isPresent() && available.get() < MEMORY_MIN) {
            findings.add(Finding.warning(
                    "memory",
                    Sizes.human(available.get()) + " are available",
                    "end what is not needed here, or give the servers less with CAIRN_JAVA_OPTS=-Xmx..."));
        } else {
            available.ifPresent(bytes -> findings.add(Finding.ok("memory", Sizes.human(bytes) + " are available")));
        }
    }

    /** The number behind {@code name} at the start of a line. */
    private static Optional<Long> field(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).trim().split("\\s+", -1)[0])
                    .filter(word -> word.chars().allMatch(Character::isDigit))
                    .map(Long::parseLong)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void process(LocalServer server) {
        Path proc = Path.of("/proc/" + server.pid());
        Optional<Long> limit = field(proc.resolve("limits"), "Max open files");
        if (limit.isEmpty()) {
            findings.add(Finding.warning(
                    server.name(), "its limits cannot be read", "run cairn doctor as its user, or as root"));
            return;
        }
        long open = count(proc.resolve("fd"));
        if (limit.get() < FILES_MIN) {
            findings.add(Finding.warning(
                    server.name(),
                    "may open %d files only, and needs one for each replica in use and each connection"
                            .formatted(limit.get()),
                    "LimitNOFILE=1048576 in its systemd unit, or ulimit -n 1048576 before it starts"));
        } else {
            findings.add(Finding.ok(server.name(), "%d of %d files are open".formatted(open, limit.get())));
        }
    }

    private static long count(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** @param stores which directory was seen on each file system */
    private void directory(String name, Map<String, String> stores) {
        Path directory = Path.of(name);
        if (!Files.isDirectory(directory)) {
            findings.add(Finding.broken(name, "is no directory", "mount its disk, or make it"));
            return;
        }
        int before = findings.size();
        try {
            FileStore store = Files.getFileStore(directory);
            fileSystem(name, store);
            String other = stores.putIfAbsent(store.name() + " " + store.type(), name);
            if (other != null) {
                findings.add(Finding.warning(
                        name,
                        "on the same file system as " + other + ": one disk takes them all, and fails with them all",
                        "one directory for each disk"));
            }
            inodes(name);
            syncs(directory);
        } catch (IOException e) {
            findings.add(Finding.broken(name, String.valueOf(e.getMessage()), "look at the disk: dmesg, smartctl"));
        }
        if (findings.size() == before) {
            findings.add(Finding.ok(name, "space, inodes, file system and sync are fine"));
        }
    }

    private void fileSystem(String name, FileStore store) throws IOException {
        if (VOLATILE.contains(store.type())) {
            findings.add(Finding.warning(
                    name, "is on " + store.type() + ": gone with the machine or its container", "use a local disk"));
        } else if (REMOTE.contains(store.type())) {
            findings.add(Finding.warning(
                    name, "is on " + store.type() + ", which is not local: slow, and safe twice", "use a local disk"));
        }
        boolean told = cell.judged().contains(name);
        if (!told && store.getUsableSpace() < store.getTotalSpace() * FREE_MIN) {
            findings.add(Finding.warning(
                    name,
                    Sizes.human(store.getUsableSpace()) + " of " + Sizes.human(store.getTotalSpace()) + " are left",
                    "make room on this disk, or add another"));
        }
    }

    /** Java does not know of inodes; a system without {@code stat} is not told of them. */
    private void inodes(String name) throws IOException {
        Process stat = new ProcessBuilder("stat", "-f", "-c", "%c %d", name)
                .redirectErrorStream(true)
                .start();
        try {
            String[] words = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .trim()
                    .split(" ", -1);
            boolean ended = stat.waitFor(5, TimeUnit.SECONDS);
            if (!ended || stat.exitValue() != 0 || words.length != 2) {
                return;
            }
            long total = Long.parseLong(words[0]);
            long free = Long.parseLong(words[1]);
            if (total > 0 && free < total * FREE_MIN) {
                findings.add(Finding.warning(
                        name,
                        "%d of %d inodes are left; each replica takes two".formatted(free, total),
                        "make the file system anew with more inodes"));
            }
        } catch (NumberFormatException e) {
            findings.add(Finding.warning(name, "its inodes cannot be counted: " + e.getMessage(), "df -i " + name));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stat.destroy();
        }
    }

    private void syncs(Path directory) throws IOException {
        if (!Files.isWritable(directory)) {
            findings.add(Finding.warning(
                    directory.toString(), "cannot be written by this user", "run cairn doctor as the server's user"));
            return;
        }
        Path probe = Files.createTempFile(directory, "cairn-doctor", ".probe");
        long[] nanos = new long[SYNCS];
        try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNCS; i++) {
                long before = System.nanoTime();
                channel.write(ByteBuffer.wrap(new byte[4096]), (long) i * 4096);
                channel.force(true);
                nanos[i] = System.nanoTime() - before;
            }
        } finally {
            Files.delete(probe);
        }
        Arrays.sort(nanos);
        if (nanos[SYNCS / 2] > SYNC_NANOS_MAX) {
            findings.add(Finding.warning(
                    directory.toString(),
                    "a sync of 4 KiB takes %.0f ms".formatted(nanos[SYNCS / 2] / 1e6),
                    "a master's log and synced writes want a disk with a write cache that survives power loss"));
        }
    }

    /** Stores beside those in use that nobody serves: of a server that was given another directory. */
    private void leftovers(Path parent, NavigableSet<Path> known) {
        try (Stream<Path> siblings = Files.list(parent)) {
            siblings.filter(sibling -> Files.isRegularFile(sibling.resolve("store"))
                            && Files.isDirectory(sibling.resolve("chunks")))
                    .filter(sibling -> !known.contains(sibling) && !isOfAnotherCell(sibling))
                    .sorted()
                    .forEach(this::leftover);
        } catch (IOException e) {
            findings.add(Finding.warning(parent.toString(), "cannot be listed: " + e.getMessage(), "run as its owner"));
        }
    }

    private void leftover(Path store) {
        String server = LocalServer.serverOf(store.toString());
        findings.add(
                cell.lacks(server)
                        ? Finding.warning(
                                store.toString(),
                                "is the chunk store of %s, which cairn report does not list: it was forgotten, or another came to its place"
                                        .formatted(server),
                                "remove it when cairn fsck is healthy; a chunkserver started on it joins the cell"
                                        + " again, with what is still of use")
                        : Finding.warning(
                                store.toString(),
                                "is a chunk store that no server here serves",
                                "start a chunkserver on it; when cairn report and cairn fsck are healthy without"
                                        + " it, remove it"));
    }

    private boolean isOfAnotherCell(Path store) {
        String its = LocalServer.cellOf(store.toString());
        return !cell.cell().isEmpty() && !its.isEmpty() && !its.equals(cell.cell());
    }
}
