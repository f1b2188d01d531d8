package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.client.Cairn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description = "Looks for what makes trouble, in the cell (health, clocks, versions, disks, ports) and on this"
                + " machine (memory, limits of running servers, their directories: space, inodes, file system, how"
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
    boolean all;

    @Option(names = "--json", description = "A JSON object.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Override
    public int run(Console console) throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (!hostOnly) {
            findings.addAll(ofCell(console));
        }
        findings.addAll(new HostDoctor().look(directories));
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
            if (all || finding.level() != Finding.Level.OK) {
                for (String line : finding.text().split("\n", -1)) {
                    console.out().println(Table.oneLine(line));
                }
            }
        }
        long fine = findings.stream()
                .filter(finding -> finding.level() == Finding.Level.OK)
                .count();
        console.out().println("%d things looked at, %d as they should be".formatted(findings.size(), fine));
        return code;
    }

    private List<Finding> ofCell(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            return new CellDoctor(cairn).look();
        } catch (IOException e) {
            return List.of(Finding.broken(
                    "cell",
                    Explanation.of(e),
                    "is its master running, and its port open? --no-cell looks at this machine only"));
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
