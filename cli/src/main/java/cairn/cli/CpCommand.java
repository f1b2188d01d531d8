package cairn.cli;

import cairn.client.AttributeChange;
import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.FileInfo;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Copies files within the cell, through this machine. Into an existing directory they go under their own "
                        + "names.",
        footer = {"  cairn cp /a /b", "  cairn cp -r /jobs/17 /archive"})
final class CpCommand implements Action {
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

    @Mixin
    CellOption cell = new CellOption();

    @Parameters(
            arity = "2..*",
            paramLabel = "PATH... DEST",
            hideParamSyntax = true,
            description = "One or more sources, then the destination.")
    List<String> operands = List.of();

    /** What one run has at hand. */
    private record Job(Cairn cairn, Upload upload, Progress progress, Operands each) {}

    @Override
    public int run(Console console) throws IOException {
        List<String> sources = operands.subList(0, operands.size() - 1);
        Operands each = new Operands(console, "cp");
        try (Cairn cairn = cell.connect(console);
                Progress progress = new Progress(console, !quiet)) {
            Destination destination = Destination.in(cairn, CellPaths.parse(operands.getLast()));
            destination.requireDirectoryFor(sources.size());
            Upload upload = new Upload(cairn, console, progress, new Upload.Rules(force, false, 0));
            Job job = new Job(cairn, upload, progress, each);
            return each.each(sources, source -> copy(job, CellPaths.parse(source), destination));
        }
    }

    private void copy(Job job, String path, Destination destination) throws IOException {
        FileInfo file = job.cairn().stat(path);
        String to = destination.pathFor(file.name());
        if (CellPaths.isWithin(to, path)) {
            throw new Failure(path + ": cannot be copied onto or into itself (" + to + ")");
        }
        if (!file.directory()) {
            one(job, file, to);
        } else if (recursive) {
            Workers workers = new Workers(Math.max(1, threads), job.each());
            try {
                tree(job, path, to, workers);
            } finally {
                workers.finish();
            }
        } else {
            throw new Failure(path + ": is a directory; -r copies it with all it holds");
        }
    }

    private void tree(Job job, String directory, String to, Workers workers) throws IOException {
        job.cairn().mkdir(to, true);
        for (FileInfo entry : job.cairn().list(directory)) {
            String target = CellPaths.child(to, entry.name());
            if (entry.directory()) {
                tree(job, entry.path(), target, workers);
            } else {
                workers.hand(() -> one(job, entry, target));
            }
        }
    }

    private void one(Job job, FileInfo file, String to) throws IOException {
        try (CairnInput from = job.cairn().open(file.path())) {
            job.progress().begin(to, file.length());
            job.upload().make(to, output -> from.transferTo(job.progress().sink(output)));
        }
        if (preserve) {
            AttributeChange change = AttributeChange.NONE
                    .withMode(file.mode())
                    .withOwner(file.owner())
                    .withGroup(file.group())
                    .withModifiedMillis(file.modifiedMillis());
            job.cairn().setAttributes(to, change);
        }
    }
}
