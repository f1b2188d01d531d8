package cairn.bench.gate;

/** What is counted of a process. The names are those of the file. */
enum Counted {
    /** System calls that read: sockets, files, pipes. */
    READS("reads", 0.05),
    /** System calls that write. */
    WRITES("writes", 0.05),
    /** Bytes that crossed between the process and the kernel in those, both ways. */
    COPIED("copied", 64),
    /** Bytes of the heap. */
    ALLOCATED("allocated", 64);

    private final String word;

    /** So much more is never a regression: of a thing that hardly happens, a tenth is nothing. */
    private final double slack;

    Counted(String word, double slack) {
        this.word = word;
        this.slack = slack;
    }

    String word() {
        return word;
    }

    double slack() {
        return slack;
    }

    static Counted of(String word) {
        for (Counted each : values()) {
            if (each.word.equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException("nothing called '" + word + "' is counted");
    }
}
