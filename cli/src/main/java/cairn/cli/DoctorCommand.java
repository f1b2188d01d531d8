package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.client.Cairn;
import cairn.model.Amount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description = "Looks for what makes trouble, in the cell (health, clocks, versions, disks, ports) and on this"
                + " machine (memory, limits of the cell's servers that run here, their directories: space, inodes, file system, how"
                + " long a sync takes), and says for each finding what to do next. Changes nothing; writes a small"
                + " file into directories to measure a sync.",
        footer = {"  cairn doctor", "  cairn doctor --dir /disk1/cairn,/disk2/cairn    before a first start, too"})
final class DoctorCommand implements Action {
    @Option(
            names = "--dir",
            split = ",",
            paramLabel = "DIR",
            description = "Directories to look at, beside those of servers that run here.")
    List<String> directories = List.of();

    @Option(names = "--no-cell", description = "This machine only.")
    boolean hostOnly;

    @Option(names = "--all", description = "Show what is as it should be, too.")
    boolean everything;

    @Option(names = "--json", description = "A JSON object.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Override
    public int run(Console console) throws IOException {
        List<Finding> all = new ArrayList<>();
        CellDoctor.Locality locality = CellDoctor.Locality.ANY;
        if (!hostOnly) {
            locality = ofCell(console, all);
        }
        all.addAll(new HostDoctor(locality).look(directories));
        List<Finding> findings = Finding.merged(all);
        int code = code(findings);
        if (json) {
            console.out()
                    .println(new JsonObject()
                            .with(
                                    "findings",
                                    findings.stream().map(Finding::object).toList())
                            .with("ok", code == DONE)
                            .toString());
            return code;
        }
        for (Finding finding : findings) {
            if (everything || finding.level() != Finding.Level.OK) {
                for (String line : finding.text().split("\n", -1)) {
                    console.out().println(Table.oneLine(line));
                }
            }
        }
        long fine = findings.stream()
                .filter(finding -> finding.level() == Finding.Level.OK)
                .count();
        console.out().println(Amount.of(findings.size(), "thing") + " looked at, " + fine + " as they should be");
        return code;
    }

    /** Adds what is found; returns how its parts are known on this machine. */
    private CellDoctor.Locality ofCell(Console console, List<Finding> findings) {
        try (Cairn cairn = cell.connect(console)) {
            CellDoctor doctor = new CellDoctor(cairn);
            findings.addAll(doctor.look());
            return doctor.locality();
        } catch (IOException e) {
            findings.add(Finding.broken(
                    "cell",
                    Explanation.of(e),
                    "is its master running, and its port open? --no-cell looks at this machine only"));
            return CellDoctor.Locality.ANY;
        }
    }

    static int code(List<Finding> findings) {
        int code = DONE;
        for (Finding finding : findings) {
            code = Math.max(
                    code,
                    switch (finding.level()) {
                        case OK -> DONE;
                        case WARNING -> NOT_HEALTHY;
                        case BROKEN -> NOT_READABLE;
                    });
        }
        return code;
    }
}
