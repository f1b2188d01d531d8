package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Sizes;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.client.Cairn;
import cairn.client.CellReport;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Shows the space of the cell, summed over the file systems of all chunkservers. USED is what replicas take: a file "
                        + "of three copies counts three times.",
        footer = {"  cairn df -h"})
final class DfCommand implements Action {
    @Option(
            names = {"-h", "--human"},
            description = "Sizes as 1.5K, 64M.")
    boolean human;

    @Option(names = "--json", description = "A JSON object.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(
            arity = "0..*",
            paramLabel = "PATH",
            hidden = true,
            description = "Accepted for hdfs users: all paths share the space.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            CellReport report = cairn.report();
            CellReport.DiskHealth space = report.space();
            String id = HexFormat.of().toHexDigits(report.cellId());
            if (json) {
                console.out()
                        .println(new JsonObject()
                                .with("cell", id)
                                .with("totalBytes", space.totalBytes())
                                .with("usedBytes", space.usedBytes())
                                .with("usableBytes", space.usableBytes())
                                .toString());
                return DONE;
            }
            Table table = new Table(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT);
            table.row("CELL", "SIZE", "USED", "AVAILABLE", "USE%");
            table.row(
                    id,
                    Sizes.text(space.totalBytes(), human),
                    Sizes.text(space.usedBytes(), human),
                    Sizes.text(space.usableBytes(), human),
                    percent(space.usedBytes(), space.usedBytes() + space.usableBytes()));
            console.out().print(table.take());
            return DONE;
        }
    }

    static String percent(long part, long whole) {
        return whole == 0 ? "-" : Math.round(100.0 * part / whole) + "%";
    }
}
