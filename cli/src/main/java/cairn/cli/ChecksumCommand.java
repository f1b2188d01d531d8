package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.client.Cairn;
import cairn.client.FileChecksum;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Shows the CRC32C of whole files, made from the checksums that the chunkservers keep: no data moves. It is "
                        + "that of the bytes, however they were written.",
        footer = {"  cairn checksum /data/a /data/b"})
final class ChecksumCommand implements Action {
    @Option(names = "--json", description = "A JSON array of objects.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files of the cell.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        Table table = new Table(Align.LEFT, Align.RIGHT, Align.LEFT);
        List<JsonObject> objects = new ArrayList<>();
        try (Cairn cairn = cell.connect(console)) {
            Operands each = new Operands(console, "checksum");
            each.each(operands, operand -> {
                String path = CellPaths.parse(operand);
                FileChecksum checksum = cairn.checksum(path);
                table.row(checksum.toString(), Long.toString(checksum.length()), path);
                objects.add(new JsonObject()
                        .with("path", path)
                        .with("algorithm", "CRC32C")
                        .with("checksum", HexFormat.of().toHexDigits(checksum.crc32c()))
                        .with("length", checksum.length()));
            });
            console.out().print(json ? JsonObject.array(objects) + "\n" : table.take());
            return each.outcome();
        }
    }
}
