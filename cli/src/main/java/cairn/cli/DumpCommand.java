package cairn.cli;

import cairn.model.ChunkHandle;
import cairn.server.master.CheckpointDump;
import cairn.server.master.LogDump;
import cairn.store.StoreDump;
import cairn.world.Disk;
import cairn.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Shows what is on a disk, for a person who debugs: a master's operation log or newest checkpoint, a "
                        + "chunkserver's replicas or all records of one. Works on files only, changes nothing, needs no running cell.",
        footer = {
            "  cairn dump log ~/.local/share/cairn/master", //
            "  cairn dump checkpoint ~/.local/share/cairn/master",
            "  cairn dump chunk ~/.local/share/cairn/chunkserver-1 00000000000000a7"
        })
final class DumpCommand implements Action {

    @Parameters(index = "0", paramLabel = "log|checkpoint|chunk", description = "What to show.")
    String what = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "The directory of a master or a chunkserver.")
    String directory = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "ONE",
            description = "This one only: a chunk's handle, or the name of a file of the log or of a checkpoint.")
    @Nullable
    String one;

    @Override
    public int run(Console console) throws IOException {
        if (!Files.isDirectory(PutCommand.local(directory))) {
            throw new NoSuchFileException(directory);
        }
        World world = Worlds.real();
        Disk disk = world.disks().open(directory);
        Printing out = new Printing(console.out());
        switch (what) {
            case "chunk" -> StoreDump.write(disk, handle(), out);
            case "log" -> LogDump.write(disk, name(), out);
            case "checkpoint" -> CheckpointDump.write(disk, name(), out);
            default -> throw new WrongUsage("'" + what + "': write log, checkpoint or chunk");
        }
        return DONE;
    }

    private String name() {
        return one == null ? "all" : one;
    }

    private Optional<ChunkHandle> handle() {
        if (one == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ChunkHandle(Long.parseUnsignedLong(one, 16)));
        } catch (NumberFormatException e) {
            throw new WrongUsage("'" + one + "' is not a chunk handle: write hex digits, as cairn locate shows them");
        }
    }

    /** Text on its way to standard output. */
    private record Printing(Output out) implements Appendable {
        @Override
        public Appendable append(CharSequence text) {
            try {
                out.print(text.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) {
            return append(text.subSequence(start, end));
        }

        @Override
        public Appendable append(char c) {
            return append(String.valueOf(c));
        }
    }
}
