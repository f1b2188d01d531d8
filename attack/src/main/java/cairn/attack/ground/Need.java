package cairn.attack.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a scenario needs of the machine beyond plain processes. */
public enum Need {
    ROOT(List.of(), List.of("id")) {
        @Override
        Optional<String> tried() throws IOException {
            return Shell.run("id", "-u").equals("0") ? Optional.empty() : Optional.of("not root");
        }
    },
    /** Faults at an exact system call. */
    STRACE(List.of("strace"), List.of("strace", "-o", "/dev/null", "-e", "inject=none:retval=0", "true")),
    /** Servers with addresses of their own, and a firewall between them. */
    NAMESPACES(
            List.of("iproute2", "nftables", "util-linux"),
            List.of("unshare", "--net", "nft", "add", "table", "inet", "try")),
    /** Rates of links. */
    RATES(
            List.of("iproute2", "util-linux"),
            List.of(
                    "unshare", "--net", "tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", "8mbit", "burst",
                    "32k", "latency", "9ms")),
    /** Small file systems in memory. */
    TMPFS(List.of("mount"), List.of("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt")),
    /** File systems in a file, that can be made to fail. */
    LOOP(List.of("e2fsprogs", "mount"), List.of("mkfs.ext4", "-V")) {
        @Override
        Optional<String> tried() throws IOException {
            return mounted(Mounts.Kind.EXT4, EXT4_MEBIBYTES);
        }
    },
    /** The same with XFS. */
    XFS(List.of("xfsprogs", "mount"), List.of("mkfs.xfs", "-V")) {
        @Override
        Optional<String> tried() throws IOException {
            return mounted(Mounts.Kind.XFS, XFS_MEBIBYTES);
        }
    };

    private static final int EXT4_MEBIBYTES = 8;
    private static final int XFS_MEBIBYTES = 320;

    private final List<String> packages;
    private final List<String> attempt;

    Need(List<String> packages, List<String> attempt) {
        this.packages = packages;
        this.attempt = attempt;
    }

    /** The packages of Debian that bring the tools. */
    public List<String> packages() {
        return packages;
    }

    /** Why this machine does not have it; found out by trying. */
    public Optional<String> missing() {
        try {
            return tried();
        } catch (IOException e) {
            return Optional.of(this + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    Optional<String> tried() throws IOException {
        Shell.run(attempt);
        return Optional.empty();
    }

    private static Optional<String> mounted(Mounts.Kind kind, int mebibytes) throws IOException {
        Path image = Files.createTempFile("cairn-attack", ".loop");
        Path mount = Files.createTempDirectory("cairn-attack");
        try {
            kind.make(image, mebibytes, mount);
            Shell.run("umount", mount.toString());
            return Optional.empty();
        } finally {
            Files.delete(mount);
            Files.delete(image);
        }
    }
}
