package cairn.model;

/** What this program calls itself, to people and to its peers. */
public final class Software {
    /** The poms say the same. */
    public static final String VERSION = "0.1.0";

    /** In greetings and registrations, for people who look at a cell. */
    public static final String NAME = "cairn " + VERSION;

    private Software() {}
}
