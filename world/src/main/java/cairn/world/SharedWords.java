package cairn.world;

import java.io.Closeable;

/**
 * Words of memory that processes of one host see, in a file that one of them has made. Thread-safe; a word is read and
 * written whole, and what was written before a word is seen by who reads it.
 */
public interface SharedWords extends Closeable {

    /** Whether there is a word of this number: another process says it, which may be wrong. */
    boolean has(int index);

    long get(int index);

    /** For the maker only. */
    void set(int index, long value);

    /**
     * Whether the process that made them still has them. A process that ends, however it does, gives them up before the host
     * refuses connections in its name. A system call.
     */
    boolean held();

    /** Of the maker: gives them up. Nobody may use them afterwards. */
    @Override
    void close();
}
