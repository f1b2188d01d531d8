package cairn.world.real;

import cairn.world.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * An open file. A full disk is a {@code FileSystemException} whose reason holds {@link #NO_SPACE}.
 * Only threads of our own use files, and nobody interrupts those: an interrupt would close the channel.
 */
final class LocalFile implements DiskFile {
    /** What every Unix says for ENOSPC. */
    static final String NO_SPACE = "No space left on device";

    private final Path path;
    private final FileChannel channel;

    LocalFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        int total = 0;
        try {
            while (into.hasRemaining()) {
                int count = channel.read(into, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        } catch (IOException e) {
            throw named(path, "read", e);
        }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        long at = position;
        try {
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
        } catch (IOException e) {
            throw named(path, "write", e);
        }
    }

    @Override
    public void sync() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw named(path, "sync", e);
        }
    }

    @Override
    public long bytes() throws IOException {
        try {
            return channel.size();
        } catch (IOException e) {
            throw named(path, "size", e);
        }
    }

    @Override
    public void truncate(long bytes) throws IOException {
        try {
            long now = channel.size();
            if (bytes < now) {
                channel.truncate(bytes);
            } else if (bytes > now) {
                channel.write(ByteBuffer.allocate(1), bytes - 1); // FileChannel only cuts
            }
        } catch (IOException e) {
            throw named(path, "truncate", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // what matters was synced, and whoever syncs hears of errors there
        }
    }

    /** For messages: the channels' own exceptions do not name the file. */
    static IOException named(Path path, String action, IOException e) {
        FileSystemException named = new FileSystemException(path.toString(), null, action + ": " + e.getMessage());
        named.initCause(e);
        return named;
    }
}
