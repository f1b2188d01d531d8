package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.client.Cairn;
import cairn.client.CellReport.ServerHealth;
import cairn.client.CheckListener;
import cairn.client.ChunkCheck;
import cairn.client.ScrubProgress;
import cairn.model.Amount;
import cairn.model.CairnException;
import cairn.model.ChunkHandle;
import cairn.model.Patience;
import cairn.model.ServerAddress;
import cairn.world.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has chunkservers verify what they hold against its checksums, waits, and hears what they found. For one thread. */
final class DeepCheck {
    private static final long ASK_AGAIN_NANOS = 300_000_000;

    /** Handles named in one request: its message is bounded. */
    private static final int HANDLES_MAX = 4_000;

    /** After the last replica is verified, what was found has reached the master in so many heartbeats. */
    private static final int HEARTBEATS = 2;

    private final Cairn cairn;
    private final ProgressLine progress;
    private final Time time = Worlds.real().time();
    private final List<Damage> damage = new ArrayList<>();
    private final List<String> unverified = new ArrayList<>();

    /** Damage known before, by server. */
    private final Map<ServerAddress, Long> before = new LinkedHashMap<>();

    /** A replica that failed. */
    record Damage(String server, ChunkHandle chunk, String reason) {
        JsonObject object() {
            return new JsonObject()
                    .with("server", server)
                    .with("chunk", chunk.toString())
                    .with("reason", reason);
        }
    }

    DeepCheck(Cairn cairn, Console console) {
        this.cairn = cairn;
        this.progress = new ProgressLine(console);
    }

    List<Damage> damage() {
        return damage;
    }

    /** Servers that could not be asked, and why. */
    List<String> unverified() {
        return unverified;
    }

    void run(String path) throws IOException {
        for (ServerHealth server : cairn.report().servers()) {
            if (server.state().equals("live")) {
                attempt(
                        server.address(),
                        () -> before.put(
                                server.address(),
                                cairn.scrubProgress(server.address()).bad()));
            } else {
                unverified.add(server.id() + " at " + server.address() + " is " + server.state());
            }
        }
        if (path.equals("/")) {
            for (ServerAddress server : List.copyOf(before.keySet())) {
                attempt(server, () -> cairn.scrubAll(server));
            }
        } else {
            unverified.clear(); // the chunks below say whether anything is missing
            cairn.check(path, true, new Asking());
        }
        for (ServerAddress server : List.copyOf(before.keySet())) {
            attempt(server, () -> await(server));
        }
        progress.clear();
        time.sleep(HEARTBEATS * Patience.HEARTBEAT_NANOS);
    }

    private interface Step {
        void run() throws IOException;
    }

    private void attempt(ServerAddress server, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            before.remove(server);
            unverified.add(server + ": " + e.getMessage());
        }
    }

    /** Asks each server for its replicas of the chunks that are found, some at a time. */
    private final class Asking implements CheckListener {
        private final Map<ServerAddress, List<ChunkHandle>> waiting = new LinkedHashMap<>();

        @Override
        public void chunk(ChunkCheck chunk) {
            for (ChunkCheck.ReplicaCheck replica : chunk.replicas()) {
                if (!replica.address().isEmpty()) {
                    List<ChunkHandle> some = waiting.computeIfAbsent(
                            ServerAddress.parse(replica.address()), server -> new ArrayList<>());
                    some.add(chunk.handle());
                }
            }
        }

        @Override
        public void progress(long examined, long total) throws CairnException {
            waiting.forEach((server, chunks) -> {
                for (int from = 0; from < chunks.size(); from += HANDLES_MAX) {
                    List<ChunkHandle> some = chunks.subList(from, Math.min(chunks.size(), from + HANDLES_MAX));
                    if (before.containsKey(server)) {
                        attempt(server, () -> cairn.scrub(server, some));
                    }
                }
            });
            waiting.clear();
        }
    }

    private void await(ServerAddress server) throws IOException {
        long known = before.getOrDefault(server, 0L);
        ScrubProgress now = cairn.damageAfter(server, known);
        while (now.waiting() > 0) {
            progress.show(server + ": " + Amount.of(now.waiting(), "replica") + " to verify");
            time.sleep(ASK_AGAIN_NANOS);
            now = cairn.damageAfter(server, known);
        }
        now.damage().forEach(found -> damage.add(new Damage(server.toString(), found.chunk(), found.reason())));
    }
}
