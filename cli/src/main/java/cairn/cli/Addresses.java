package cairn.cli;

import cairn.model.ServerAddress;

/** Addresses on the command line. */
final class Addresses {

    private Addresses() {}

    static ServerAddress parse(String text, String option) {
        try {
            return ServerAddress.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(option + ": " + e.getMessage());
        }
    }
}
