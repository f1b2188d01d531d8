package cairn.simulation.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import cairn.model.proof.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The corpus, and inputs made from fixed seeds: random ones, and changed ones of the corpus. */
class FuzzTest {
    private static final Path CORPUS = Schema.path("simulation/src/test/resources/cairn/simulation/fuzz");
    private static final int LONGEST = 2000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @ParameterizedTest
    @EnumSource
    void whatever_it_is_given_it_reads_or_refuses_in_its_own_words(FuzzTarget target) throws IOException {
        List<byte[]> corpus = corpus(target);
        SplittableRandom random = new SplittableRandom(name(target).hashCode());
        assertTimeoutPreemptively(LIMIT, () -> {
            for (byte[] input : corpus) {
                read(target, input);
            }
            for (int i = 0; i < target.inputs; i++) {
                read(target, made(random, corpus));
            }
        });
    }

    @Test
    void a_cell_under_absurd_calls_gets_as_far_as_refusing_them() {
        long refused = 0;
        for (int seed = 0; seed < 8 && refused == 0; seed++) {
            byte[] calls = new byte[LONGEST];
            new SplittableRandom(seed).nextBytes(calls);
            refused = CellFuzz.refusedAsAbsurd(calls);
        }
        assertThat(refused).as(Probe.REQUEST_ABSURD.name()).isPositive();
    }

    private static void read(FuzzTarget target, byte[] input) throws IOException {
        try {
            target.reader.read(input);
        } catch (Throwable problem) {
            Path kept = Files.createTempFile("cairn-fuzz-" + name(target) + "-", "");
            Files.write(kept, input);
            String hex = HexFormat.of().formatHex(input, 0, Math.min(200, input.length));
            throw new AssertionError(
                    "replay: ./dev fuzz " + name(target) + " --replay " + kept + "\nbegins with " + hex, problem);
        }
    }

    private static byte[] made(SplittableRandom random, List<byte[]> corpus) {
        if (corpus.isEmpty() || random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(1, LONGEST)];
            random.nextBytes(bytes);
            return bytes;
        }
        byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
        for (int i = random.nextInt(1, 8); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static List<byte[]> corpus(FuzzTarget target) throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        Path directory = CORPUS.resolve(name(target));
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.sorted().toList()) {
                    corpus.add(Files.readAllBytes(file));
                }
            }
        }
        return corpus;
    }

    private static String name(FuzzTarget target) {
        return target.name().toLowerCase(Locale.ROOT);
    }
}
