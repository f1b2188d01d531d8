package cairn.cli;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.model.Amount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Appends each line of standard input, newline included, to a file as one record: whole, exactly once and in "
                        + "order, whatever fails meanwhile, while any number of others append to the same file. Makes the file when there "
                        + "is none. A record is at most a quarter of a chunk (16 MiB).",
        footer = {
            "  tail -F access.log | cairn append /logs/web", //
            "  cairn append --record-file event.json -v /events"
        })
final class AppendCommand implements Action {
    @Option(
            names = "--record-file",
            paramLabel = "LOCAL",
            description = "One record: the whole local file (- is standard input).")
    @Nullable
    String recordFile;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print the offset of each record, in order.")
    boolean verbose;

    @Option(names = "--synced", description = "Each record is on the disk of every replica before it counts as done.")
    boolean synced;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(paramLabel = "FILE", description = "A file of the cell.")
    String operand = "";

    @Override
    public int run(Console console) throws IOException {
        String path = CellPaths.parse(operand);
        try (Cairn cairn = cell.connect(console)) {
            byte @Nullable [] whole = recordFile == null ? null : whole(recordFile, cairn, console);
            CairnAppender appender = cairn.append(path, AppendOptions.DEFAULTS.withSynced(synced));
            Acknowledgements acknowledgements = new Acknowledgements(console.out(), verbose);
            try {
                if (whole != null) {
                    acknowledgements.expect(appender.appendAsync(ByteBuffer.wrap(whole)));
                } else {
                    lines(console, appender, acknowledgements);
                }
                acknowledgements.finish();
                appender.close();
                return DONE;
            } catch (IOException e) {
                acknowledgements.stop();
                if (console.out().isBroken()) {
                    throw e;
                }
                throw new Failure(path + ": " + Explanation.of(e) + "; " + certain(acknowledgements.certain()), e);
            }
        }
    }

    private static void lines(Console console, CairnAppender appender, Acknowledgements acknowledgements)
            throws IOException {
        LineRecords records = new LineRecords(console.in(), appender.recordBytesMax());
        ByteBuffer record = records.next();
        while (record != null) {
            acknowledgements.expect(appender.appendAsync(record));
            record = records.next();
        }
    }

    private static byte[] whole(String local, Cairn cairn, Console console) throws IOException {
        int bytesMax = cairn.geometry().recordBytesMax();
        byte[] record;
        if (local.equals("-")) {
            record = console.in().readNBytes(bytesMax + 1);
        } else {
            Path file = PutCommand.local(local);
            if (Files.isDirectory(file)) {
                throw new Failure(local + ": is a directory; a record is a file's bytes");
            }
            try (InputStream from = Files.newInputStream(file)) {
                record = from.readNBytes(bytesMax + 1);
            }
        }
        if (record.length > bytesMax) {
            throw new Failure(
                    local + ": is over " + bytesMax + " bytes, the most a record can have; store it with put");
        }
        if (record.length == 0) {
            throw new Failure(local + ": is empty; a record has at least one byte");
        }
        return record;
    }

    private static String certain(long records) {
        return Amount.of(records, "record is", "records are") + " in the file for certain, those behind may be or not";
    }
}
