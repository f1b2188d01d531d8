package cairn.cli;

import cairn.cli.text.Modes;
import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.FileInfo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
        } catch (NoSuchFileException e) {
            // The partial name would tell the user nothing.
            throw e.getFile() != null && e.getFile().equals(partial.toString())
                    ? new NoSuchFileException(
                            String.valueOf(local.toAbsolutePath().getParent()))
                    : e;
        } finally {
            Files.deleteIfExists(partial);
            console.interrupted().complete(partial.toString());
        }
    }

    private void fill(FileInfo file, Path partial) throws IOException {
        try (CairnInput from = cell.open(file.path());
                FileChannel to = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            progress.begin(String.valueOf(file.path()), file.length());
            long moved = from.transferTo(progress.sink(to));
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
