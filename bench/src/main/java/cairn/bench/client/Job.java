package cairn.bench.client;

import java.io.IOException;

/** A workload in a client process. Calls with a thread's number come from that thread, the others from one. */
interface Job {

    /** Before the first run, and not timed: makes what all runs use. */
    default void open() throws IOException {}

    /** Before each run, and not timed. */
    default void ready(int run, int thread) throws IOException {}

    /** One operation; false when there is nothing left to do. */
    boolean step(int run, int thread, Meter meter) throws IOException;

    /** At the end of each run, and timed. */
    default void finish(int run, int thread) throws IOException {}

    /** After each run, and not timed: deletes what it made. */
    default void tidy(int run) throws IOException {}

    /** After the last run. */
    default void close() throws IOException {}
}
