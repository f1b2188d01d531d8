package cairn.master;

import cairn.model.Limits;

/** Words that a peer says, made fit for a log: one line, not too long. Stateless. */
final class Words {

    private Words() {}

    static String of(String said) {
        String cut = said.length() > Limits.WORDS_CHARS_MAX ? said.substring(0, Limits.WORDS_CHARS_MAX) + "..." : said;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
