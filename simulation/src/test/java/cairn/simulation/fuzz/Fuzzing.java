package cairn.simulation.fuzz;

import java.util.Locale;

/** Where a coverage-guided fuzzer comes in: {@code -Dcairn.fuzz=TARGET} says what it fuzzes. See {@code ./dev fuzz}. */
public final class Fuzzing {
    private static final FuzzTarget TARGET =
            FuzzTarget.valueOf(System.getProperty("cairn.fuzz", "frames").toUpperCase(Locale.ROOT));

    private Fuzzing() {}

    /** The name and shape that Jazzer looks for. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        TARGET.reader.read(data);
    }

    /** Replays files. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            System.out.println(TARGET + " reads " + file);
            TARGET.reader.read(java.nio.file.Files.readAllBytes(java.nio.file.Path.of(file)));
        }
    }
}
