package cairn.store;

import cairn.model.Geometry;
import cairn.model.ServerId;
import cairn.world.Disk;
import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file that says to whom a directory belongs: lines that people can read, the last one a CRC32C of those before.
 * Stateless. Every refusal is one line that names the directory and says what to do.
 */
final class IdentityFile {
    static final int FORMAT = 1;
    private static final String FIRST_LINE = "cairn chunk store";
    private static final int BYTES_MAX = 4096;

    private IdentityFile() {}

    /** Empty for a fresh directory. */
    static Optional<StoreIdentity> read(Disk disk) throws IOException {
        if (!disk.exists(Names.IDENTITY)) {
            refuseForeign(disk);
            return Optional.empty();
        }
        return Optional.of(parse(disk, text(disk)));
    }

    private static void refuseForeign(Disk disk) throws IOException {
        List<String> foreign = new ArrayList<>(disk.list(""));
        foreign.removeAll(Names.OF_NO_VALUE);
        foreign.remove("lost+found");
        if (foreign.contains(Names.CHUNKS) && disk.list(Names.CHUNKS).isEmpty()) {
            foreign.remove(Names.CHUNKS);
        }
        if (!foreign.isEmpty()) {
            throw new IOException(
                    "%s holds other things ('%s') and is not the directory of a chunkserver; name that one, or an empty or new one"
                            .formatted(disk.describe(""), foreign.getFirst()));
        }
    }

    private static String text(Disk disk) throws IOException {
        try (DiskFile file = disk.open(Names.IDENTITY)) {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);
            file.read(bytes, 0);
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
    }

    private static StoreIdentity parse(Disk disk, String text) throws IOException {
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(FIRST_LINE)) {
            throw damaged(disk);
        }
        if (lines.length > 1 && lines[1].startsWith("format = ") && !lines[1].equals("format = " + FORMAT)) {
            throw new IOException("%s has %s and this build reads format %d; start the newer build that wrote it"
                    .formatted(disk.describe(""), lines[1].replace(" =", ""), FORMAT));
        }
        int last = text.lastIndexOf("crc32c = ");
        if (lines.length != 9 || last < 0 || !text.substring(last).equals(sumLine(text.substring(0, last)))) {
            throw damaged(disk);
        }
        try {
            int chunkBytes = Integer.parseInt(value(lines[5], "chunk-bytes"));
            int blockBytes = Integer.parseInt(value(lines[6], "block-bytes"));
            if (!Geometry.fault(chunkBytes, blockBytes).isEmpty()) {
                throw damaged(disk);
            }
            Geometry geometry = new Geometry(chunkBytes, blockBytes);
            return new StoreIdentity(
                    value(lines[2], "cell"),
                    new ServerId(Long.parseLong(value(lines[3], "server"))),
                    Long.parseUnsignedLong(value(lines[4], "disk"), 16),
                    geometry);
        } catch (IllegalArgumentException e) {
            throw damaged(disk);
        }
    }

    private static String value(String line, String key) {
        if (!line.startsWith(key + " = ")) {
            throw new IllegalArgumentException(line);
        }
        return line.substring(key.length() + 3);
    }

    private static IOException damaged(Disk disk) {
        return new IOException(
                "%s is damaged; if its replicas are not needed, empty the directory, else restore this file"
                        .formatted(disk.describe(Names.IDENTITY)));
    }

    private static String sumLine(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return "crc32c = %08x\n".formatted((int) sum.getValue());
    }

    static String format(StoreIdentity identity) {
        String lines = String.join(
                "\n",
                FIRST_LINE,
                "format = " + FORMAT,
                "cell = " + identity.cell(),
                "server = " + identity.server().value(),
                "disk = %016x".formatted(identity.disk()),
                "chunk-bytes = " + identity.geometry().chunkBytes(),
                "block-bytes = " + identity.geometry().blockBytes(),
                "");
        return lines + sumLine(lines);
    }

    /** Durable on return; a crash leaves all of it or nothing. */
    static void write(Disk disk, StoreIdentity identity) throws IOException {
        disk.delete(Names.IDENTITY_NEW);
        try (DiskFile file = disk.create(Names.IDENTITY_NEW)) {
            file.write(ByteBuffer.wrap(format(identity).getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
        }
        disk.rename(Names.IDENTITY_NEW, Names.IDENTITY);
        disk.syncDirectory("");
    }
}
