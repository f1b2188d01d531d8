package cairn.cli;

import cairn.client.AttributeChange;
import cairn.client.Cairn;
import cairn.client.CairnOutput;
import cairn.client.CreateOptions;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;

/**
 * Makes files in the cell. Each is written under a hidden name beside its own and renamed when it is whole, so that what
 * was interrupted can never be taken for complete. Thread-safe.
 */
final class Upload {
    private final Cairn cell;
    private final Console console;
    private final Progress progress;
    private final Rules rules;

    /**
     * How files are made.
     *
     * @param force an existing file is replaced
     * @param preserve time and permissions are taken over
     * @param copies 0: what the directory says
     */
    record Rules(boolean force, boolean preserve, int copies) {}

    /** Fills the file. */
    interface Filling {
        void fill(CairnOutput output) throws IOException;
    }

    Upload(Cairn cell, Console console, Progress progress, Rules rules) {
        this.cell = cell;
        this.console = console;
        this.progress = progress;
        this.rules = rules;
    }

    /** Copies one local file, which must not change meanwhile. What is no regular file (a pipe) is read to its end. */
    void file(Path local, String to) throws IOException {
        file(local, to, () -> {});
    }

    /** What happens between the first look at a file and its reading: in tests, its change. */
    interface Pause {
        void pass() throws IOException;
    }

    void file(Path local, String to, Pause pause) throws IOException {
        BasicFileAttributes before = Files.readAttributes(local, BasicFileAttributes.class);
        try (FileChannel from = FileChannel.open(local)) {
            progress.begin(to, before.isRegularFile() ? before.size() : -1);
            make(to, output -> {
                pause.pass();
                long taken = output.transferFrom(new LocalSource(local, progress.source(from)));
                if (before.isRegularFile()) {
                    requireUnchanged(local, before, taken);
                }
            });
        }
        if (rules.preserve()) {
            cell.setAttributes(to, attributes(local));
        }
    }

    /** Copies a stream to its end. */
    void stream(ReadableByteChannel from, String to) throws IOException {
        progress.begin(to, -1);
        make(to, output -> output.transferFrom(progress.source(from)));
    }

    /** Makes the file {@code to} with what {@code filling} writes; on a failure nothing is left of it. */
    void make(String to, Filling filling) throws IOException {
        requireFree(to);
        String partial = CellPaths.child(
                CellPaths.parent(to),
                CellPaths.partialName(
                        CellPaths.name(to), Worlds.real().entropy().nextLong()));
        console.interrupted().begin(partial, () -> cell.delete(partial, false, true));
        try {
            fill(to, partial, filling);
            cell.rename(partial, to, rules.force());
        } catch (CairnException e) {
            remove(partial, e);
            // The hidden name would tell the user nothing.
            throw new CairnException(e.code(), String.valueOf(e.getMessage()).replace(partial, to), e);
        } catch (IOException | RuntimeException | Error e) {
            remove(partial, e);
            throw e;
        } finally {
            console.interrupted().complete(partial);
        }
    }

    private void fill(String to, String partial, Filling filling) throws IOException {
        CairnOutput output = create(to, partial);
        try {
            filling.fill(output);
            output.close();
        } catch (IOException | RuntimeException | Error e) {
            output.abort();
            throw e;
        }
    }

    private CairnOutput create(String to, String partial) throws IOException {
        try {
            CairnOutput output = cell.create(partial, CreateOptions.DEFAULTS.withReplication(rules.copies()));
            console.interrupted().made(partial);
            return output;
        } catch (CairnException e) {
            String parent = CellPaths.parent(to);
            if (e.code() == ErrorCode.NOT_FOUND) {
                throw new Failure(to + ": no directory " + parent + "; make it with: cairn mkdir -p " + parent, e);
            }
            if (e.code() == ErrorCode.NOT_DIRECTORY) {
                throw new Failure(to + ": " + parent + " is not a directory", e);
            }
            throw e;
        }
    }

    /** Refuses before the first byte moves; the rename at the end refuses again, should somebody be quicker. */
    private void requireFree(String to) throws IOException {
        Destination present = Destination.in(cell, to);
        if (present.directory()) {
            throw new Failure(to + ": is a directory; a file cannot take its place");
        }
        if (present.exists() && !rules.force()) {
            throw new Failure(to + ": exists already; -f replaces it");
        }
    }

    private void remove(String partial, Throwable reason) {
        try {
            cell.delete(partial, false, true);
        } catch (CairnException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                // Told with the reason by who asks for the stack trace; hidden names starting so can go at any time.
                reason.addSuppressed(e);
            }
        }
    }

    private static void requireUnchanged(Path local, BasicFileAttributes before, long taken) throws IOException {
        BasicFileAttributes after = Files.readAttributes(local, BasicFileAttributes.class);
        if (taken != before.size() || after.size() != before.size()) {
            throw new Failure(local + ": changed while it was read (from " + before.size() + " to "
                    + Math.max(after.size(), taken) + " bytes); nothing was stored, put it again when it is at rest");
        }
        if (!after.lastModifiedTime().equals(before.lastModifiedTime())) {
            throw new Failure(
                    local + ": was written while it was read; nothing was stored, put it again when it is at rest");
        }
    }

    static AttributeChange attributes(Path local) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(local, PosixFileAttributes.class);
        int mode = 0;
        for (PosixFilePermission permission : attributes.permissions()) {
            mode |= bit(permission);
        }
        return AttributeChange.NONE
                .withMode(mode)
                .withModifiedMillis(attributes.lastModifiedTime().toMillis());
    }

    /** The bit of {@code OWNER_READ}, {@code GROUP_EXECUTE} and so on. */
    private static int bit(PosixFilePermission permission) {
        String[] words = permission.name().toLowerCase(Locale.ROOT).split("_", -1);
        int shift = words[0].equals("owner") ? 6 : words[0].equals("group") ? 3 : 0;
        int bit = words[1].equals("read") ? 4 : words[1].equals("write") ? 2 : 1;
        return bit << shift;
    }
}
