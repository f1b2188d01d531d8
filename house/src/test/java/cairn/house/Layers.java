package cairn.house;

import java.util.ArrayList;
import java.util.List;

/** The one table of who may depend on whom. A change here is a change of the design: say why in docs/decisions. */
enum Layers {
    MODEL("model", "cairn.model", ""),
    WIRE("wire", "cairn.wire", "model"),
    WORLD("world", "cairn.world", "model"),
    RPC("rpc", "cairn.rpc", "wire world model"),
    MASTER_CORE("master-core", "cairn.master", "model wire"),
    CHUNK_CORE("chunk-core", "cairn.chunk", "model"),
    LOG("log", "cairn.log", "model world wire"),
    STORE("store", "cairn.store", "model world chunk-core"),
    CLIENT("client", "cairn.client", "rpc wire world model"),
    SERVER("server", "cairn.server", "rpc log store master-core chunk-core wire world model"),
    SIMULATION("simulation", "cairn.simulation", "server client rpc log store master-core chunk-core wire world model"),
    BENCH("bench", "cairn.bench", "client world model"),
    CLI("cli", "cairn.cli", "bench client server simulation rpc log store master-core chunk-core wire world model"),
    ATTACK("attack", "cairn.attack", "simulation client store chunk-core world model");

    /** The directory and artifact. */
    final String module;

    /** The package that all its classes are in or under. */
    final String root;

    private final List<String> uses;

    Layers(String module, String root, String uses) {
        this.module = module;
        this.root = root;
        this.uses = List.of(uses.split(" "));
    }

    boolean mayUse(Layers other) {
        return this == other || uses.contains(other.module);
    }

    /** ArchUnit patterns of the packages that this layer must not know. */
    String[] forbiddenPackages() {
        List<String> forbidden = new ArrayList<>();
        for (Layers other : values()) {
            if (!mayUse(other)) {
                forbidden.add(other.packages());
            }
        }
        return forbidden.toArray(String[]::new);
    }

    String packages() {
        return root + "..";
    }
}
