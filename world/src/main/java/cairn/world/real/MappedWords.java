package cairn.world.real;

import cairn.world.SharedWords;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is mapped. Its maker holds a lock on all of it: the kernel takes the lock away when the process ends, before it
 * closes its sockets, and whoever looks asks for a share of the lock, a byte for each thread. The lock is that of a whole
 * process, so that a reader in the maker's own process ends it early; that only sends readers to the network.
 */
final class MappedWords implements SharedWords {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final FileChannel channel;
    private final ByteBuffer mapped;
    private volatile boolean lost;

    private MappedWords(FileChannel channel, ByteBuffer mapped) {
        this.channel = channel;
        this.mapped = mapped;
    }

    /** Makes the file anew; whoever has an older one of that name keeps it, and finds it given up. */
    static MappedWords make(Path path, int count) throws IOException {
        Files.deleteIfExists(path);
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new FileSystemException(path.toString(), null, "lock: another process has it");
            }
            int bytes = count * Long.BYTES;
            ByteBuffer zeros =
                    ByteBuffer.allocate(bytes); // room for all of it: a mapped page without any ends a process
            while (zeros.hasRemaining()) {
                channel.write(zeros, zeros.position());
            }
            return new MappedWords(channel, channel.map(MapMode.READ_WRITE, 0, bytes));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Those of another process. */
    static MappedWords look(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new MappedWords(channel, channel.map(MapMode.READ_ONLY, 0, channel.size()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public boolean has(int index) {
        return index >= 0 && index < mapped.capacity() / Long.BYTES;
    }

    @Override
    public long get(int index) {
        return (long) WORD.getVolatile(mapped, index * Long.BYTES);
    }

    @Override
    public void set(int index, long value) {
        WORD.setVolatile(mapped, index * Long.BYTES, value);
    }

    @Override
    public boolean held() {
        if (lost) {
            return false;
        }
        try {
            FileLock share = channel.tryLock(Thread.currentThread().getId(), 1, true);
            if (share == null) {
                return true;
            }
            share.close();
        } catch (OverlappingFileLockException e) {
            return true; // this process has made them
        } catch (IOException e) {
            lost = true; // closed: nobody can tell any more
            return false;
        }
        lost = true;
        return false;
    }

    @Override
    public void close() {
        lost = true;
        try {
            channel.close();
        } catch (IOException e) {
            // the lock is gone with the descriptor in any case
        }
    }
}
