package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.FileInfo;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Copies files out of the cell. Into an existing local directory they go under their own names; otherwise "
                        + "LOCAL is the new name; with one operand, here. Every byte is checked against its writer's checksum.",
        footer = {
            "  cairn get /logs/access.log .", //
            "  cairn get -r /www site",
            "  cairn get /backup/shop.sql - | psql shop"
        })
final class GetCommand implements Action {
    @Option(
            names = {"-r", "-R", "--recursive"},
            description = "Directories with all they hold.")
    boolean recursive;

    @Option(
            names = {"-f", "--force"},
            description = "Replace existing files.")
    boolean force;

    @Option(
            names = {"-p", "--preserve"},
            description = "Take over time and permissions.")
    boolean preserve;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Files of a tree at once; 4 unless told.")
    int threads = 4;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress on the terminal.")
    boolean quiet;

    @Option(
            names = {"-crc", "-ignoreCrc"},
            hidden = true,
            description = "Accepted for hdfs users: all is always checked.")
    boolean crc;

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH... [LOCAL]",
            hideParamSyntax = true,
            description = "Files of the cell, then where (- is standard output).")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        List<String> sources = operands.size() == 1 ? operands : operands.subList(0, operands.size() - 1);
        String target = operands.size() == 1 ? "." : operands.getLast();
        Operands each = new Operands(console, "get");
        boolean standardOutput = target.equals("-");
        try (Cairn cairn = cell.connect(console);
                Progress progress = new Progress(console, !quiet && !standardOutput)) {
            if (standardOutput) {
                return each.each(sources, source -> print(cairn, CellPaths.parse(source), console));
            }
            Path local = PutCommand.local(target);
            if (sources.size() > 1 && !Files.isDirectory(local)) {
                throw new Failure(
                        target + ": is not a directory, and " + sources.size() + " things cannot have one name");
            }
            Download download = new Download(cairn, console, progress, force, preserve);
            return each.each(sources, source -> get(cairn, download, CellPaths.parse(source), local, each));
        }
    }

    private static void print(Cairn cairn, String path, Console console) throws IOException {
        try (CairnInput from = cairn.open(path)) {
            from.transferTo(console.out());
        }
    }

    private void get(Cairn cairn, Download download, String path, Path local, Operands each) throws IOException {
        FileInfo file = cairn.stat(path);
        Path to = Files.isDirectory(local) ? entry(local, file.name()) : local;
        if (!file.directory()) {
            download.file(file, to);
        } else if (recursive) {
            Workers workers = new Workers(Math.max(1, threads), each);
            try {
                new TreeCopy(cairn, download, workers, each).copy(file.path(), to);
            } finally {
                workers.finish();
            }
        } else {
            throw new Failure(path + ": is a directory; -r copies it with all it holds");
        }
    }

    /** A directory with all it holds; files are handed to the workers as they are found. */
    private record TreeCopy(Cairn cairn, Download download, Workers workers, Operands each) {

        void copy(String directory, Path local) throws IOException {
            Files.createDirectories(local);
            for (FileInfo found : cairn.list(directory)) {
                try {
                    Path to = entry(local, found.name());
                    if (found.directory()) {
                        copy(found.path(), to);
                    } else {
                        workers.hand(() -> download.file(found, to));
                    }
                } catch (FileSystemException | Failure e) {
                    each.fail(e);
                }
            }
        }
    }

    /** Names of the cell may be more than the local file system takes. */
    private static Path entry(Path directory, String name) throws IOException {
        return name.isEmpty() ? directory : directory.resolve(PutCommand.local(name));
    }
}
