package cairn.world;

/** Starts threads. Each runs to its end; nobody interrupts or stops it: close what it blocks on. */
public interface Threads {

    /** Starts {@code body} on a new daemon thread named {@code name}. An {@code Error} in it stops the process. */
    void start(String name, Runnable body);
}
