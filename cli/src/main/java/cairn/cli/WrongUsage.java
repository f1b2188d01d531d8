package cairn.cli;

/** The command line itself makes no sense. The message is for the user; exit code 2. */
final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUsage(String message) {
        super(message);
    }
}
