package cairn.cli;

import cairn.cli.text.JsonObject;
import cairn.cli.text.Table;
import cairn.cli.text.Table.Align;
import cairn.client.Cairn;
import cairn.client.ChunkInfo;
import cairn.client.ChunkInfo.ReplicaInfo;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Shows the chunks of a file: index, handle, version, offset and length in bytes, whether it is sealed or open "
                        + "for mutations, and where its replicas are (of an open chunk the primary first).",
        footer = {"  cairn locate /logs/web"})
final class LocateCommand implements Action {
    @Option(names = "--json", description = "A JSON array of objects.")
    boolean json;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(paramLabel = "FILE", description = "A file of the cell.")
    String operand = "";

    @Override
    public int run(Console console) throws IOException {
        try (Cairn cairn = cell.connect(console)) {
            List<ChunkInfo> chunks = cairn.locate(CellPaths.parse(operand));
            if (json) {
                List<JsonObject> objects =
                        chunks.stream().map(LocateCommand::object).toList();
                console.out().println(JsonObject.array(objects));
            } else {
                console.out().print(table(chunks));
            }
            return DONE;
        }
    }

    private static String table(List<ChunkInfo> chunks) {
        Table table = new Table(Align.RIGHT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT);
        table.row("INDEX", "CHUNK", "VERSION", "OFFSET", "LENGTH", "STATE", "REPLICAS");
        for (ChunkInfo chunk : chunks) {
            String replicas = chunk.replicas().stream()
                    .map(replica -> replica.server() + "@" + replica.address())
                    .collect(Collectors.joining(" "));
            table.row(
                    Integer.toString(chunk.index()),
                    chunk.handle().toString(),
                    chunk.version().toString(),
                    Long.toString(chunk.offset()),
                    Long.toString(chunk.length()),
                    chunk.sealed() ? "sealed" : "open",
                    replicas.isEmpty() ? "none alive" : replicas);
        }
        return table.take();
    }

    private static JsonObject object(ChunkInfo chunk) {
        return new JsonObject()
                .with("index", chunk.index())
                .with("chunk", chunk.handle().toString())
                .with("version", chunk.version().value())
                .with("offset", chunk.offset())
                .with("length", chunk.length())
                .with("sealed", chunk.sealed())
                .with(
                        "replicas",
                        chunk.replicas().stream().map(LocateCommand::object).toList());
    }

    private static JsonObject object(ReplicaInfo replica) {
        return new JsonObject()
                .with("server", replica.server().toString())
                .with("address", replica.address().toString())
                .with("rack", replica.rack());
    }
}
