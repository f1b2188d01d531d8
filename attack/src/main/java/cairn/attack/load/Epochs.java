package cairn.attack.load;

/**
 * A long run is cut into epochs, each with files of its own, so that each can be judged, and deleted, while the next one goes
 * on. All processes of a machine agree on them: they share {@link System#nanoTime}.
 */
public record Epochs(long beginNanos, long lengthNanos) {

    public long current() {
        return Math.floorDiv(System.nanoTime() - beginNanos, lengthNanos);
    }

    /** The file that the clients of {@code job} use in {@code epoch}. */
    public static String path(JobPlan.Kind job, long epoch) {
        return switch (job) {
            case APPEND, FOLLOW, READ -> "/appended/e" + epoch;
            case WRITE, INSPECT -> "/written/e" + epoch;
            case NAMES -> "/names/e" + epoch;
            case VERIFY -> "/kept/e" + epoch;
        };
    }
}
