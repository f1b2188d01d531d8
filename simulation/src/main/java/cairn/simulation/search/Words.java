package cairn.simulation.search;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/** Constants as people write them: {@code ACKNOWLEDGE_LAST} is {@code acknowledge-last}. Stateless. */
final class Words {
    private static final int NAMES_PER_LINE = 6;

    private Words() {}

    static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<String> of(Enum<?>... values) {
        return Arrays.stream(values).map(Words::of).toList();
    }

    /** All names, a few on each line. */
    static String lines(int indent, Enum<?>... values) {
        return Stream.of(values)
                .map(Words::of)
                .gather(Gatherers.windowFixed(NAMES_PER_LINE))
                .map(some -> String.join(", ", some))
                .collect(Collectors.joining(",\n" + " ".repeat(indent)));
    }

    /** The constant that {@code word} names; {@code option} is where it was written. */
    static <E extends Enum<E>> E constant(Class<E> type, String option, String word) {
        for (E value : type.getEnumConstants()) {
            if (of(value).equals(word)) {
                return value;
            }
        }
        throw new SimRunner.WrongArguments(
                option + " " + word + " is not one of " + String.join(", ", of(type.getEnumConstants())));
    }
}
