package cairn.simulation;

/**
 * What a loss of power leaves of the changes that were not synced.
 *
 * @param tears whether the first part of a write may be kept without the rest
 * @param disorders whether a later change may be kept and an earlier one lost
 */
record PowerCut(SimRandom luck, boolean tears, boolean disorders, FaultLedger faults) {

    /** How the changes of one file or of the names fare: moods, because a middling chance for each hides the extremes. */
    enum Mood {
        NONE,
        ALL,
        TORN,
        EACH
    }

    Mood mood() {
        Mood drawn = Mood.values()[luck.below(Mood.values().length)];
        boolean possible = switch (drawn) {
            case NONE, ALL -> true;
            case TORN -> tears;
            case EACH -> disorders;
        };
        return possible ? drawn : luck.coin() ? Mood.NONE : Mood.ALL;
    }

    /** The mood for one change, when each has its own. */
    Mood moodOfOne() {
        return switch (luck.below(tears ? 3 : 2)) {
            case 0 -> Mood.NONE;
            case 1 -> Mood.ALL;
            default -> Mood.TORN;
        };
    }
}
