package cairn.world.real;

/** What happens when an {@code Error} or an unexpected exception comes out of a thread's body. */
public enum ErrorPolicy {
    /** The process stops at once, with a message: memory may be wrong, and what is durable is right. For servers. */
    HALT {
        @Override
        void unexpected(Throwable problem) {
            try {
                print(problem, "; the process stops now");
            } finally {
                Runtime.getRuntime().halt(STATUS);
            }
        }
    },
    /** The thread ends, with a message. For libraries: the process is not ours. */
    REPORT {
        @Override
        void unexpected(Throwable problem) {
            print(problem, "; the thread ends");
        }
    };

    /** EX_SOFTWARE of sysexits.h. */
    private static final int STATUS = 70;

    abstract void unexpected(Throwable problem);

    /** The body to give to a thread: {@link WorldStopped} ends it quietly, all else that it throws is unexpected. */
    @SuppressWarnings("CatchingUnchecked")
    public Runnable guard(Runnable body) {
        return () -> {
            try {
                body.run();
            } catch (WorldStopped e) {
                // interrupted from outside: somebody wants this thread to end
            } catch (Throwable e) {
                unexpected(e);
            }
        };
    }

    @SuppressWarnings("SystemOut")
    private static void print(Throwable problem, String consequence) {
        System.err.println("thread " + Thread.currentThread().getName() + ": " + problem + consequence);
        problem.printStackTrace();
    }
}
