package cairn.model;

/** A number of things as people say it: {@code 1 chunk}, {@code 2 copies}. Stateless. */
public final class Amount {

    private Amount() {}

    /** @param one the thing, regular: what ends in a consonant and {@code y} is many {@code ies} */
    public static String of(long count, String one) {
        return of(count, one, many(one));
    }

    public static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private static String many(String one) {
        boolean ies = one.endsWith("y") && one.length() > 1 && "aeiou".indexOf(one.charAt(one.length() - 2)) < 0;
        return ies ? one.substring(0, one.length() - 1) + "ies" : one + "s";
    }
}
