package cairn.cli;

import java.io.IOException;

/** What one verb does. Its fields are its options, filled in by picocli. */
interface Action {
    int DONE = 0;
    int FAILED = 1;
    int WRONG_USAGE = 2;

    /** Of verbs that judge: all can be read, and something is not as safe as it should be. */
    int NOT_HEALTHY = 3;

    /** Of verbs that judge: something cannot be read now. */
    int NOT_READABLE = 4;

    /**
     * Runs to the end.
     *
     * @return the exit code
     * @throws IOException the reason of a failure; {@link Main} tells it in one line
     */
    int run(Console console) throws IOException;
}
