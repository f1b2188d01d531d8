package cairn.attack.scenario;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What can happen to a file behind the back of its server. */
final class Damage {

    private static final int FLIPPED_BITS = 0x5A;

    private Damage() {}

    /** Some bits of one byte are others. Done twice at the same place, it is mended. */
    static void flip(Path path, long position) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            if (file.read(one, position) != 1) {
                throw new IOException(path + " has no byte " + position);
            }
            one.put(0, (byte) (one.get(0) ^ FLIPPED_BITS));
            file.write(one.flip(), position);
        }
    }

    /** The file ends here. */
    static void cut(Path path, long bytes) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(bytes);
        }
    }

    /** Bytes of its own, from {@code from} to {@code to}, are once more at the file's end. */
    static void repeatAtEnd(Path path, int from, int to) throws IOException {
        byte[] bytes = Arrays.copyOfRange(Files.readAllBytes(path), from, to);
        Files.write(path, bytes, StandardOpenOption.APPEND);
    }

    /** The files in {@code directory} whose names begin and end like this, in the order of their names. */
    static List<Path> files(Path directory, String begin, String end) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> {
                        String name = String.valueOf(each.getFileName());
                        return name.startsWith(begin) && name.endsWith(end);
                    })
                    .sorted()
                    .toList();
        }
    }
}
