package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Sizes;
import cairn.client.Cairn;
import cairn.client.CellReport;
import cairn.client.CellReport.ServerHealth;
import cairn.client.ChunkInfo;
import cairn.client.FileInfo;
import cairn.client.ScrubProgress;
import cairn.model.Amount;
import cairn.model.ChunkHandle;
import cairn.model.ServerAddress;
import cairn.model.ServerId;
import cairn.world.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Has chunkservers verify replicas against their checksums ahead of the rounds that they do anyway: all of a "
                        + "server's, or those of files and of all files below directories; of every live server when nothing is "
                        + "named. A bad replica is put aside and made anew from a good one.",
        footer = {
            "  cairn scrub --wait                everything",
            "  cairn scrub --wait s2             what server s2 holds (see: cairn report)",
            "  cairn scrub /archive 10.0.0.7:7434"
        })
final class ScrubCommand implements Action {
    private static final long ASK_AGAIN_NANOS = 500_000_000;

    @Option(
            names = {"-w", "--wait"},
            description = "Until all that was asked for is verified; shows how far it is.")
    boolean wait;

    @Option(names = "--json", description = "A JSON array with an object for each server, at the end.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "0..*", paramLabel = "SERVER|PATH", description = "Servers by id, address or host, and paths.")
    List<String> operands = List.of();

    private final Map<String, Task> tasks = new TreeMap<>();

    /** What one server is asked for, and what came of it. */
    private static final class Task {
        final ServerId id;
        final ServerAddress address;
        final Set<ChunkHandle> chunks = new LinkedHashSet<>();
        boolean whole;

        /** Damage found before is none of this. */
        long badBefore;

        ScrubProgress begun = new ScrubProgress(0, 0, 0, 0, 0, 0, 0, 0, List.of());
        ScrubProgress now = begun;

        Task(ServerId id, ServerAddress address) {
            this.id = id;
            this.address = address;
        }

        void begin(Cairn cairn) throws IOException {
            badBefore = cairn.scrubProgress(address).bad();
            begun = whole ? cairn.scrubAll(address) : cairn.scrub(address, List.copyOf(chunks));
            now = begun;
        }

        void ask(Cairn cairn) throws IOException {
            now = cairn.damageAfter(address, badBefore);
            if (now.bad() < badBefore || now.checked() < begun.checked()) {
                throw new Failure(this + ": was restarted meanwhile and forgot what it was asked for; scrub it again");
            }
        }

        /** Of what was asked for; reads may have found other replicas bad meanwhile. */
        long bad() {
            return now.damage().stream()
                    .map(ScrubProgress.Damage::chunk)
                    .filter(chunk -> whole || chunks.contains(chunk))
                    .distinct()
                    .count();
        }

        JsonObject object() {
            return new JsonObject()
                    .with("server", id.toString())
                    .with("address", address.toString())
                    .with("replicas", begun.asked())
                    .with("bytes", begun.askedBytes())
                    .with("done", now.waiting() == 0)
                    .with("bad", bad());
        }

        @Override
        public String toString() {
            return id + " at " + address;
        }
    }

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            Operands each = new Operands(console, "scrub");
            CellReport report = cairn.report();
            if (operands.isEmpty()) {
                each.each(
                        report.servers().stream()
                                .filter(server -> server.state().equals("live"))
                                .map(server -> server.id().toString())
                                .toList(),
                        id -> whole(NamedServer.find(report, id)));
            }
            each.each(operands, operand -> name(cairn, report, operand));
            List<String> begun = new ArrayList<>();
            each.each(List.copyOf(tasks.keySet()), id -> {
                task(id).begin(cairn);
                begun.add(id);
                if (!wait) {
                    tell(console, task(id) + ": " + amount(task(id)) + " to verify");
                }
            });
            List<Task> done = new ArrayList<>();
            each.each(begun, id -> {
                if (wait) {
                    follow(cairn, task(id), console);
                }
                done.add(task(id));
            });
            if (json) {
                console.out()
                        .println(
                                JsonObject.array(done.stream().map(Task::object).toList()));
            }
            return each.outcome();
        }
    }

    private Task task(String id) {
        return Objects.requireNonNull(tasks.get(id));
    }

    private Task task(ServerId id, ServerAddress address) {
        return tasks.computeIfAbsent(id.toString(), each -> new Task(id, address));
    }

    private void whole(ServerHealth server) throws IOException {
        if (!server.state().equals("live")) {
            throw new Failure(
                    server.id() + " at " + server.address() + " is " + server.state() + ": nothing of it is verified");
        }
        task(server.id(), server.address()).whole = true;
    }

    private void name(Cairn cairn, CellReport report, String operand) throws IOException {
        if (operand.startsWith("/")) {
            Tree.walk(cairn, cairn.stat(CellPaths.parse(operand)), file -> add(cairn, file));
        } else {
            whole(NamedServer.find(report, operand));
        }
    }

    private void add(Cairn cairn, FileInfo file) throws IOException {
        if (file.directory()) {
            return;
        }
        for (ChunkInfo chunk : cairn.locate(file.path())) {
            chunk.replicas()
                    .forEach(replica ->
                            task(replica.server(), replica.address()).chunks.add(chunk.handle()));
        }
    }

    private void follow(Cairn cairn, Task task, Console console) throws IOException {
        Time time = Worlds.real().time();
        ProgressLine progress = new ProgressLine(console);
        try {
            task.ask(cairn);
            while (task.now.waiting() > 0) {
                progress.show(task + ": " + Amount.of(task.now.waiting(), "replica") + " still to verify");
                time.sleep(ASK_AGAIN_NANOS);
                task.ask(cairn);
            }
        } finally {
            progress.clear();
        }
        tell(console, task + ": " + amount(task) + " verified, " + task.bad() + " found bad");
    }

    private static String amount(Task task) {
        return Amount.of(task.begun.asked(), "replica") + " (" + Sizes.human(task.begun.askedBytes()) + ")";
    }

    private void tell(Console console, String line) throws IOException {
        if (!json) {
            console.out().println(line);
            console.out().flush();
        }
    }
}
