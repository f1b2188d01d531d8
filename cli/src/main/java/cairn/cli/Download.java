package cairn.cli;

import cairn.cli.text.Modes;
import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.FileInfo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Makes local files from files of the cell, each under a hidden name beside its own and renamed when it is whole.
 * Thread-safe.
 */
final class Download {
    private final Cairn cell;
    private final Console console;
    private final Progress progress;
    private final boolean force;
    private final boolean preserve;

    Download(Cairn cell, Console console, Progress progress, boolean force, boolean preserve) {
        this.cell = cell;
        this.console = console;
        this.progress = progress;
        this.force = force;
        this.preserve = preserve;
    }

    /** Copies {@code file}, as long as it is now, to {@code local}. */
    void file(FileInfo file, Path local) throws IOException {
        requireFree(local);
        Path partial = local.resolveSibling(CellPaths.partialName(
                String.valueOf(local.getFileName()), Worlds.real().entropy().nextLong()));
        console.interrupted().begin(partial.toString(), () -> Files.deleteIfExists(partial));
        try {
            fill(file, partial);
            if (preserve) {
                preserve(file, partial);
            }
            rename(partial, local);
        } catch (FileSystemException e) {
            throw partial.toString().equals(e.getFile()) ? explained(e, local) : e;
        } finally {
            Files.deleteIfExists(partial);
            console.interrupted().complete(partial.toString());
        }
    }

    /** The partial name would tell the user nothing. */
    private static IOException explained(FileSystemException e, Path local) {
        String directory = String.valueOf(local.toAbsolutePath().getParent());
        return switch (e) {
            case NoSuchFileException x -> new NoSuchFileException(directory);
            case AccessDeniedException x -> new AccessDeniedException(directory);
            default ->
                Files.isDirectory(Path.of(directory))
                        ? new FileSystemException(local.toString(), null, e.getReason())
                        : new NotDirectoryException(directory);
        };
    }

    private void fill(FileInfo file, Path partial) throws IOException {
        try (CairnInput from = cell.open(file.path());
                FileChannel to = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            console.interrupted().made(partial.toString());
            progress.begin(String.valueOf(file.path()), file.length());
            long moved = from.transferTo(new LocalSink(partial, progress.sink(to)));
            if (moved < file.length() && from.length() != moved) {
                throw new Failure(file.path() + ": ended after " + moved + " of " + file.length()
                        + " bytes; it was changed meanwhile, get it again");
            }
        }
    }

    private void requireFree(Path local) throws IOException {
        if (Files.isDirectory(local)) {
            throw new Failure(local + ": is a directory; a file cannot take its place");
        }
        if (Files.exists(local) && !force) {
            throw new Failure(local + ": exists already; -f replaces it");
        }
    }

    private void rename(Path partial, Path local) throws IOException {
        if (!force) {
            try {
                Files.move(partial, local);
            } catch (FileAlreadyExistsException e) {
                throw new Failure(local + ": exists already; -f replaces it", e);
            }
            return;
        }
        try {
            Files.move(partial, local, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(partial, local, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void preserve(FileInfo file, Path local) throws IOException {
        Files.setPosixFilePermissions(local, PosixFilePermissions.fromString(Modes.letters(file.mode() & 0777)));
        Files.setLastModifiedTime(local, FileTime.fromMillis(file.modifiedMillis()));
    }
}
