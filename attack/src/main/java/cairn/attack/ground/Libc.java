package cairn.attack.ground;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The few system calls that no command does at once and exactly: signals, and the shutdown of a file system. */
final class Libc {

    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;

    /** {@code _IOR('X', 125, __u32)}: ext4 and XFS stop all I/O of the file system, as xfstests' godown does. */
    private static final long SHUTDOWN = 0x8004587dL;

    /** Neither the log nor the cache is written out first. */
    private static final int NO_LOG_FLUSH = 2;

    private static final int O_RDONLY = 0;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle KILL = handle(
            "kill", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), false);
    private static final MethodHandle OPEN = handle(
            "open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT), true);
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), false);
    private static final MethodHandle IOCTL = handle(
            "ioctl",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
            true);

    private Libc() {}

    /** {@code open} and {@code ioctl} take a variable number of arguments; the last one given here is of that kind. */
    @SuppressWarnings("restricted") // native access is what this class is for
    private static MethodHandle handle(String name, FunctionDescriptor shape, boolean variadic) {
        MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
        return variadic
                ? LINKER.downcallHandle(
                        address,
                        shape,
                        Linker.Option.firstVariadicArg(shape.argumentLayouts().size() - 1))
                : LINKER.downcallHandle(address, shape);
    }

    /** Sends a signal; false when there is no such process any more. */
    static boolean signal(long pid, int number) {
        try {
            return (int) KILL.invokeExact((int) pid, number) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** From now on everything in the file system mounted at {@code mount} fails with EIO. */
    static void shutDown(Path mount) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int file = (int) OPEN.invokeExact(arena.allocateFrom(mount.toString()), O_RDONLY);
            if (file < 0) {
                throw new IOException("cannot open " + mount);
            }
            MemorySegment how = arena.allocateFrom(ValueLayout.JAVA_INT, NO_LOG_FLUSH);
            int result = (int) IOCTL.invokeExact(file, SHUTDOWN, how);
            int closed = (int) CLOSE.invokeExact(file);
            if (result != 0 || closed != 0) {
                throw new IOException(mount + " cannot be shut down");
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
