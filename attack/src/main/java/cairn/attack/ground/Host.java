package cairn.attack.ground;

import java.util.List;

/**
 * Where a process runs.
 *
 * @param name short, for people
 * @param address that others reach it by
 * @param enter the words before a command that make it run there
 */
public record Host(String name, String address, List<String> enter) {

    public Host {
        enter = List.copyOf(enter);
    }

    /** This machine, by loopback. */
    public static Host local(String name) {
        return new Host(name, "127.0.0.1", List.of());
    }
}
