package cairn.attack.ground;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Hosts with an address, a link and a firewall of their own: a network namespace for each server, all on a bridge that is in
 * one too. Nothing of it shows outside, and addresses of other runs do not matter. Clients that nobody cuts off share one.
 *
 * <p>Harm is done in the victim's own namespace, so it is undone by one command, and gone with it.
 */
public final class Namespaces implements Hosts {

    private static final String NETWORK = "10.77.0.";
    private static final int FIRST = 2;
    private static final int LAST = 250;
    private static final String TABLE = "attack";

    private final Ground ground;
    private final String prefix;
    private final String bridge;
    private final TreeMap<String, Host> hosts = new TreeMap<>();
    private int next = FIRST;

    public Namespaces(Ground ground) throws IOException {
        this.ground = ground;
        this.prefix = "cairn" + ProcessHandle.current().pid() + "-" + (System.nanoTime() >>> 20 & 0xfff);
        this.bridge = prefix + "-net";
        add(bridge);
        Shell.run("ip", "-n", bridge, "link", "add", "br0", "type", "bridge");
        Shell.run("ip", "-n", bridge, "link", "set", "br0", "up");
    }

    private void add(String namespace) throws IOException {
        ground.undo().command("ip", "netns", "del", namespace);
        Shell.run("ip", "netns", "add", namespace);
    }

    /** The host of this name; servers have one each, all clients one together. */
    @Override
    public Host make(String name) throws IOException {
        String host = name.equals("master") || name.startsWith("cs") ? name : "clients";
        @Nullable Host there = hosts.get(host);
        if (there == null) {
            there = connect(host);
            hosts.put(host, there);
        }
        return new Host(name, there.address(), there.enter());
    }

    private Host connect(String name) throws IOException {
        if (next > LAST) {
            throw new IOException("too many hosts");
        }
        String namespace = prefix + "-" + name;
        String port = "p" + next;
        String address = NETWORK + next++;
        add(namespace);
        Shell.run("ip", "-n", bridge, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        Shell.run("ip", "-n", bridge, "link", "set", port, "master", "br0", "up");
        Shell.run("ip", "-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
        Shell.run("ip", "-n", namespace, "link", "set", "eth0", "up");
        Shell.run("ip", "-n", namespace, "link", "set", "lo", "up");
        return new Host(name, address, List.of("nsenter", "--net=/run/netns/" + namespace));
    }

    private static List<String> inside(Host host, String... command) {
        List<String> words = new ArrayList<>(host.enter());
        words.addAll(List.of(command));
        return words;
    }

    /** Which way. */
    public enum Way {
        IN("chain in { type filter hook input priority 0; iifname eth0 %s }"),
        OUT("chain out { type filter hook output priority 0; oifname eth0 %s }");

        private final String chain;

        Way(String chain) {
            this.chain = chain;
        }
    }

    /** Drops all packets of {@code victim} in these ways. */
    public void cut(Host victim, Set<Way> ways) throws IOException {
        filter(victim, ways, "drop");
    }

    /** Drops packets between {@code victim} and {@code others} in these ways. */
    public void cut(Host victim, Set<Way> ways, List<Host> others) throws IOException {
        TreeSet<String> addresses = new TreeSet<>();
        others.forEach(other -> addresses.add(other.address()));
        StringBuilder rules = new StringBuilder();
        for (Way way : new TreeSet<>(ways)) {
            String field = way == Way.IN ? "saddr" : "daddr";
            rules.append(way.chain.formatted("ip " + field + " { " + String.join(", ", addresses) + " } drop;"))
                    .append('\n');
        }
        table(victim, rules.toString());
    }

    /** Loses this share of the packets of {@code victim}, each way. */
    public void lose(Host victim, int percent) throws IOException {
        filter(victim, Set.of(Way.IN, Way.OUT), "numgen random mod 100 < " + percent + " drop");
    }

    /** Answers every packet that comes to {@code victim} by a connection with a reset: both ends see it. */
    public void reset(Host victim) throws IOException {
        filter(victim, Set.of(Way.IN), "meta l4proto tcp reject with tcp reset");
    }

    /** Sends what comes to the port through another one of the same host: that of a proxy. */
    public void redirect(Host victim, int port, int proxy) throws IOException {
        table(
                victim,
                "chain pre { type nat hook prerouting priority dstnat; tcp dport %d redirect to :%d; }"
                        .formatted(port, proxy));
    }

    private void filter(Host victim, Set<Way> ways, String verdict) throws IOException {
        StringBuilder rules = new StringBuilder();
        for (Way way : new TreeSet<>(ways)) {
            rules.append(way.chain.formatted(verdict + ";")).append('\n');
        }
        table(victim, rules.toString());
    }

    private static void table(Host victim, String chains) throws IOException {
        Shell.Result result =
                Shell.feed(inside(victim, "nft", "-f", "-"), "table inet " + TABLE + " {\n" + chains + "\n}\n");
        if (result.code() != 0) {
            throw new IOException("nft: " + result.output());
        }
    }

    /** Takes back {@link #cut}, {@link #lose}, {@link #reset} and {@link #redirect}. */
    public void heal(Host victim) throws IOException {
        Shell.run(inside(victim, "nft", "delete", "table", "inet", TABLE));
    }

    /** The cable is pulled; {@link #plug} puts it back. */
    public void unplug(Host victim) throws IOException {
        Shell.run(inside(victim, "ip", "link", "set", "eth0", "down"));
    }

    public void plug(Host victim) throws IOException {
        Shell.run(inside(victim, "ip", "link", "set", "eth0", "up"));
    }

    /** What {@code victim} sends goes no faster than this. */
    public void slow(Host victim, int kilobitsPerSecond) throws IOException {
        Shell.run(inside(
                victim,
                "tc",
                "qdisc",
                "add",
                "dev",
                "eth0",
                "root",
                "tbf",
                "rate",
                kilobitsPerSecond + "kbit",
                "burst",
                "16k",
                "latency",
                "200ms"));
    }

    public void unslow(Host victim) throws IOException {
        Shell.run(inside(victim, "tc", "qdisc", "del", "dev", "eth0", "root"));
    }
}
