package cairn.bench;

/**
 * Whether a system can do a workload, and what is otherwise than with Cairn.
 *
 * @param able it can
 * @param note for a person; empty where it does the same
 */
record Fit(boolean able, String note) {
    static final Fit SAME = new Fit(true, "");

    static Fit otherwise(String how) {
        return new Fit(true, how);
    }

    /** Appends to a file of each producer's own. */
    static Fit ownFiles(Workload workload) {
        return workload.threads() == 1
                ? SAME
                : otherwise(workload.threads() + " files: a file has one writer at a time");
    }

    static Fit unable(String why) {
        return new Fit(false, "not measured: " + why);
    }
}
