import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * For honest figures on a virtual machine that hands free memory back to its host: there, touching a free page again
 * costs a host fault, more than a whole storage hop. This program touches memory once, gives all of it back but one page
 * in each 2 MiB, and stays. The kernel then has pages that are free and still present, in blocks too small to be handed
 * back, and as large as a file system may ask for at a time. Run it beside a measurement:
 * {@code java acceptance/HoldMemory.java GIB}; it prints "held" when ready.
 */
public final class HoldMemory {
    private static final long STEP = 2 << 20;
    private static final long PAGE = 4096;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_NOHUGEPAGE = 15;

    private HoldMemory() {}

    public static void main(String[] args) throws Throwable {
        long bytes = Long.parseLong(args[0]) << 30;
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap = linker.downcallHandle(
                linker.defaultLookup().find("mmap").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG));
        MethodHandle madvise = linker.downcallHandle(
                linker.defaultLookup().find("madvise").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        long at = (long) mmap.invokeExact(0L, bytes, 3, 0x22, -1, 0L); // readable and writable, private, anonymous
        if ((int) madvise.invokeExact(at, bytes, MADV_NOHUGEPAGE) != 0) {
            System.err.println("huge pages cannot be switched off here; figures may be worse than they should");
        }
        MemorySegment held = MemorySegment.ofAddress(at).reinterpret(bytes, Arena.global(), null);
        for (long page = 0; page < bytes; page += PAGE) {
            held.set(ValueLayout.JAVA_BYTE, page, (byte) 1);
        }
        for (long step = 0; step < bytes; step += STEP) {
            int given = (int) madvise.invokeExact(at + step + PAGE, STEP - PAGE, MADV_DONTNEED);
            if (given != 0) {
                throw new IllegalStateException("madvise refused");
            }
        }
        System.out.println("held");
        Thread.sleep(Long.MAX_VALUE);
    }
}
