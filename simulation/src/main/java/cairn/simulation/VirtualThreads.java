package cairn.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;

/**
 * The one door into the JDK's inside: virtual threads on a scheduler of ours. JDK 25 has the factory but not yet in
 * public, so the JVM needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}; nothing outside the simulator does.
 */
final class VirtualThreads {

    private static final int NO_INHERIT_THREAD_LOCALS = 1 << 2; // java.lang.Thread.NO_INHERIT_THREAD_LOCALS
    private static final MethodHandle FACTORY = factory();

    private VirtualThreads() {}

    /** A new thread, not started. The JDK calls {@code scheduler} whenever it can go on. */
    static Thread create(Executor scheduler, String name, Runnable body) {
        try {
            return (Thread) FACTORY.invokeExact(scheduler, name, NO_INHERIT_THREAD_LOCALS, body);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot make a virtual thread with a scheduler", e);
        }
    }

    private static MethodHandle factory() {
        try {
            Method method = Class.forName("java.lang.ThreadBuilders")
                    .getDeclaredMethod("newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "the simulator needs JDK 25 with --add-opens java.base/java.lang=ALL-UNNAMED", e);
        }
    }
}
