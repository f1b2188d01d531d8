package cairn.simulation;

import java.util.Locale;

/** The fault model as a page for people: {@code docs/fault-model.md}. */
public final class FaultModelPage {

    private static final String HEAD = """
            # The fault model

            Written from `cairn.simulation.Fault` by `./cairn sim --fault-model > docs/fault-model.md`; a test compares the two.

            Everything that may go wrong, zone by zone. The simulator (`./cairn sim`) does all of it to whole cells of unchanged
            production code; a seed draws which faults are on, how often each comes and for how long, and they compose freely with each
            other and with every workload. `--faults crash,cut` allows only those named. P1 to P9 are the promises of
            [consistency.md](consistency.md).
            """;

    private FaultModelPage() {}

    /** The whole page. */
    public static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        for (Fault.Zone zone : Fault.Zone.values()) {
            String name = zone.name();
            page.append("\n## ").append(name.charAt(0)).append(name.substring(1).toLowerCase(Locale.ROOT));
            page.append(
                    "\n\n| fault | what happens | how it is done | what is promised all the same |\n|---|---|---|---|\n");
            for (Fault fault : Fault.values()) {
                if (fault.zone() == zone) {
                    page.append("| `%s` | %s | %s | %s |\n"
                            .formatted(fault, fault.happens(), fault.injected(), fault.promise()));
                }
            }
        }
        return page.toString();
    }
}
