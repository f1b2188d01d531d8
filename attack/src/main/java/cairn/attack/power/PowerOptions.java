package cairn.attack.power;

import cairn.attack.power.PowerCut.Mood;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code power-usage.txt} says. */
record PowerOptions(
        int seconds,
        int cuts,
        long seed,
        @Nullable Path directory,
        @Nullable PowerCut replay) {

    private static final int SECONDS = 20;
    private static final int CUTS = 10;

    /** @throws IllegalArgumentException that says what is wrong */
    static PowerOptions parse(List<String> arguments) {
        int seconds = SECONDS;
        int cuts = CUTS;
        long seed = 1;
        Path directory = null;
        PowerCut replay = null;
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            String option = words.next();
            if (!words.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value, or is no option");
            }
            String value = words.next();
            switch (option) {
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--cuts" -> cuts = Integer.parseInt(value);
                case "--seed" -> seed = Long.parseLong(value);
                case "--keep", "--replay" -> directory = Path.of(value);
                case "--cut" -> replay = cut(value);
                default -> throw new IllegalArgumentException("what is " + option + "?");
            }
        }
        if ((replay != null) != arguments.contains("--replay")) {
            throw new IllegalArgumentException("--replay and --cut belong together");
        }
        return new PowerOptions(seconds, cuts, seed, directory, replay);
    }

    private static PowerCut cut(String value) {
        String[] parts = value.split(",", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("--cut is ENTRY,MOOD,SEED");
        }
        return new PowerCut(
                Integer.parseInt(parts[0]), Mood.valueOf(parts[1].toUpperCase(Locale.ROOT)), Long.parseLong(parts[2]));
    }
}
