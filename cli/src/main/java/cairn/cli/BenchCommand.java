package cairn.cli;

import cairn.bench.Bench;
import cairn.bench.Launcher;
import cairn.bench.Scale;
import cairn.bench.Workload;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = {
            "Starts a cell of its own (a master, three chunkservers and a client, each a process), and other systems beside it, "
                    + "and runs workloads on them in turn. Prints for each the least, the middle and the most of all runs; CPU time is "
                    + "that of the client and all servers together. The last column is the other system's median over Cairn's: of rates, "
                    + "then of CPU. Everything is removed at the end. How it measures, and how to read it: docs/bench.md.",
        },
        footer = {
            "  cairn bench --list                          the workloads",
            "  cairn bench --quick --against raw           all of them, cold and small: does it work",
            "  cairn bench --against raw write read        those that begin with write and read",
            "  cairn bench --against raw,hdfs --chart b.svg stat   a picture, too",
            "  cairn bench --runs 9 --json b.json append   for programs"
        })
final class BenchCommand implements Action {

    @Parameters(
            arity = "0..*",
            paramLabel = "WORKLOAD",
            description = "A workload, or how several begin; all unless told.")
    List<String> workloads = List.of();

    @Option(
            names = "--against",
            split = ",",
            paramLabel = "SYSTEM",
            description =
                    "What else is measured: raw (plain sockets and files doing the same moves), hdfs (a real one, "
                            + "fetched by Maven when it is first asked for), moosefs (Debian's packages, mounted; as root).")
    List<String> against = List.of();

    @Option(names = "--list", description = "Only lists the workloads.")
    boolean list;

    @Option(names = "--quick", description = "64 MiB and half seconds, 3 runs: nothing is warm.")
    boolean quick;

    @Option(
            names = "--bytes",
            paramLabel = "SIZE",
            description = "What sequential clients move in a run; 512M unless told.")
    @Nullable
    Bytes bytes;

    @Option(names = "--seconds", paramLabel = "N", description = "How long a run of operations is; 3 unless told.")
    @Nullable
    Double seconds;

    @Option(names = "--runs", paramLabel = "N", description = "Runs of each system that count; 5 unless told.")
    @Nullable
    Integer runs;

    @Option(names = "--warmups", paramLabel = "N", description = "Runs before those; 2 unless told.")
    @Nullable
    Integer warmups;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the data goes, in a directory that is made and removed.")
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all runs there as a JSON array.")
    @Nullable
    Path json;

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description = "Draws medians, with the least and the most, there as an SVG picture.")
    @Nullable
    Path chart;

    @Override
    public int run(Console console) throws IOException {
        List<Workload> wanted = wanted();
        if (list) {
            Table table = new Table(Align.LEFT, Align.LEFT);
            wanted.forEach(each -> table.row(each.word(), each.sentence()));
            console.out().print(table.take());
            return DONE;
        }
        Scale scale = scale();
        List<String> systems = systems();
        checkFiles();
        BenchReport report = new BenchReport(console);
        try {
            new Bench(Launcher.ofThisBuild(), scale).run(wanted, systems, directory, report);
        } finally { // what was measured before a failure counts
            write(json, report.json());
            write(chart, report.svg());
        }
        return DONE;
    }

    /** Now, and not when all is measured. What is there already is kept until then. */
    private void checkFiles() throws IOException {
        Path first = json;
        if (first != null
                && chart != null
                && first.toAbsolutePath()
                        .normalize()
                        .equals(chart.toAbsolutePath().normalize())) {
            throw new WrongUsage("--json and --chart name the same file: " + first);
        }
        for (Path file : new Path[] {json, chart}) {
            if (file != null) {
                Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .close();
            }
        }
    }

    private static void write(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            Files.writeString(file, text);
        }
    }

    private List<Workload> wanted() {
        try {
            return Workload.named(workloads);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(e.getMessage() + "; cairn bench --list shows them");
        }
    }

    private List<String> systems() {
        for (String system : against) {
            if (!Bench.SYSTEMS.contains(system)) {
                throw new WrongUsage(
                        "there is no system '" + system + "'; there is: " + String.join(", ", Bench.SYSTEMS));
            }
        }
        return against.stream().distinct().toList();
    }

    private static void require(boolean so, String otherwise) {
        if (!so) {
            throw new WrongUsage(otherwise);
        }
    }

    private Scale scale() {
        Scale usual = quick ? Scale.QUICK : Scale.USUAL;
        Bytes size = bytes;
        Scale scale = new Scale(
                size == null ? usual.bytes() : size.count(),
                seconds == null ? usual.seconds() : seconds,
                usual.operations(),
                usual.files(),
                runs == null ? usual.runs() : runs,
                warmups == null ? usual.warmups() : warmups);
        require(scale.runs() >= 1, "--runs: at least 1");
        require(scale.warmups() >= 0, "--warmups: at least 0");
        require(scale.seconds() > 0, "--seconds: more than 0");
        require(scale.bytes() >= Bench.BYTES_MIN, "--bytes: at least " + Bench.BYTES_MIN);
        return scale;
    }
}
