package cairn.cli;

import cairn.client.Cairn;
import cairn.model.CairnException;
import cairn.model.Limits;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Copies local files into the cell. Into an existing directory they go under their own names; otherwise DEST "
                        + "is the new name. A file appears under its name when it is whole; an interrupted put leaves nothing.",
        footer = {
            "  cairn put access.log /logs/", //
            "  cairn put -r -f site /www",
            "  pg_dump shop | cairn put - /backup/shop.sql"
        })
final class PutCommand implements Action {
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
            names = "--replication",
            paramLabel = "N",
            description = "Copies to keep; otherwise what the directory says.")
    int copies;

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
            paramLabel = "LOCAL... DEST",
            hideParamSyntax = true,
            description = "Local files (- is standard input), then where.")
    List<String> operands = List.of();

    @Override
    public int run(Console console) throws IOException {
        if (copies < 0 || copies > Limits.REPLICATION_MAX) {
            throw new WrongUsage("--replication " + copies + ": write a number from 1 to " + Limits.REPLICATION_MAX);
        }
        List<String> sources = operands.subList(0, operands.size() - 1);
        Operands each = new Operands(console, "put");
        try (Cairn cairn = cell.connect(console);
                Progress progress = new Progress(console, !quiet)) {
            Destination destination = Destination.in(cairn, CellPaths.parse(operands.getLast()));
            destination.requireDirectoryFor(sources.size());
            Upload upload = new Upload(cairn, console, progress, new Upload.Rules(force, preserve, copies));
            return each.each(sources, source -> put(cairn, upload, source, destination, each));
        }
    }

    private void put(Cairn cairn, Upload upload, String source, Destination destination, Operands each)
            throws IOException {
        if (source.equals("-")) {
            if (destination.directory()) {
                throw new Failure(destination.path() + ": is a directory; standard input needs the name of a file");
            }
            upload.stream(Channels.newChannel(each.console().in()), destination.path());
            return;
        }
        Path local = local(source);
        String to = destination.pathFor(name(local));
        if (source.indexOf('\uFFFD') >= 0 && !Files.exists(local)) {
            throw new Failure(source + ": no such file; or its name is not valid UTF-8, then rename it first");
        }
        if (!Files.isDirectory(local)) {
            upload.file(local, to);
        } else if (recursive) {
            tree(cairn, upload, local, to, each);
        } else {
            throw new Failure(source + ": is a directory; -r copies it with all it holds");
        }
    }

    private void tree(Cairn cairn, Upload upload, Path top, String to, Operands each) throws IOException {
        Workers workers = new Workers(Math.max(1, threads), each);
        try {
            Files.walkFileTree(
                    top,
                    EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                    Integer.MAX_VALUE,
                    new Copying(cairn, upload, to, each, workers));
        } finally {
            workers.finish();
        }
    }

    /** The last name of {@code local}, also of {@code .} and {@code ..}. */
    private static String name(Path local) {
        Path name = local.toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString();
    }

    static Path local(String text) throws IOException {
        if (text.isEmpty()) {
            throw new Failure("'': a local file needs a name; this directory is '.'");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new NoSuchFileException(text);
        }
    }

    /**
     * The last name of what was found in a directory. Java shows bytes that are no text as U+FFFD, and two such names
     * could become one in the cell.
     */
    private static String nameOf(Path entry) throws Failure {
        String name = entry.getFileName().toString();
        if (name.indexOf('\uFFFD') >= 0 && !Path.of(name).equals(entry.getFileName())) {
            throw new Failure(entry + ": its name is not valid UTF-8, which a name in a cell must be; rename it");
        }
        return name;
    }

    /** Makes each directory before what it holds, and hands its files to the workers. */
    private static final class Copying extends SimpleFileVisitor<Path> {
        private final Cairn cairn;
        private final Upload upload;
        private final Operands each;
        private final Workers workers;
        private final Deque<String> directories = new ArrayDeque<>();
        private final String top;

        Copying(Cairn cairn, Upload upload, String top, Operands each, Workers workers) {
            this.cairn = cairn;
            this.upload = upload;
            this.top = top;
            this.each = each;
            this.workers = workers;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            try {
                String path = directories.isEmpty() ? top : target(directory);
                cairn.mkdir(path, true);
                directories.push(path);
                return FileVisitResult.CONTINUE;
            } catch (IOException e) {
                each.fail(e);
                return FileVisitResult.SKIP_SUBTREE;
            }
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            try {
                if (!attributes.isRegularFile()) {
                    throw new Failure(file + ": is neither a file nor a directory; left out");
                }
                String path = target(file);
                workers.hand(() -> upload.file(file, path));
            } catch (Failure | CairnException e) {
                each.fail(e);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
            each.fail(fault);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault) throws IOException {
            directories.pop();
            if (fault != null) {
                each.fail(fault);
            }
            return FileVisitResult.CONTINUE;
        }

        private String target(Path entry) throws IOException {
            return CellPaths.child(directories.getFirst(), nameOf(entry));
        }
    }
}
