package cairn.bench.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux counts calls for each process")
final class ProcessCountsTest {
    private static final int BLOCKS = 500;
    private static final int BLOCK_BYTES = 8192;

    @TempDir
    private Path directory;

    @Test
    void what_a_process_reads_writes_and_allocates_is_seen_from_outside_and_the_asking_is_not() throws Exception {
        Path source = Files.writeString(directory.resolve("Busy.java"), """
                import java.io.FileOutputStream;
                class Busy {
                    static byte[] last;
                    public static void main(String[] arguments) throws Exception {
                        try (FileOutputStream out = new FileOutputStream(arguments[0])) {
                            System.out.println("ready");
                            while (System.in.read() >= 0) {
                                for (int i = 0; i < %d; i++) {
                                    last = new byte[%d];
                                    out.write(last);
                                }
                                System.out.println("done");
                            }
                        }
                    }
                }
                """.formatted(BLOCKS, BLOCK_BYTES));
        Process busy = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        source.toString(),
                        directory.resolve("out").toString())
                .redirectErrorStream(true)
                .start();
        try (InputStream said = busy.getInputStream();
                OutputStream orders = busy.getOutputStream()) {
            await(said);
            try (ProcessCounts counts = ProcessCounts.of(List.of(busy.pid()))) {
                for (int round = 0; round < 2; round++) {
                    counts.begin();
                    orders.write('x');
                    orders.flush();
                    await(said);
                    counts.end();
                }
                assertThat(counts.count(Counted.WRITES)).isBetween((double) BLOCKS, BLOCKS + 100.0);
                assertThat(counts.count(Counted.READS)).isLessThan(100);
                assertThat(counts.count(Counted.COPIED))
                        .isBetween(1.0 * BLOCKS * BLOCK_BYTES, (BLOCKS + 20.0) * BLOCK_BYTES);
                assertThat(counts.count(Counted.ALLOCATED))
                        .isBetween(1.0 * BLOCKS * BLOCK_BYTES, (BLOCKS + 200.0) * BLOCK_BYTES);
                counts.wasIdle();
                assertThat(counts.count(Counted.WRITES)).as("of doubles").isCloseTo(0, within(1e-6));
            }
        } finally {
            busy.destroyForcibly().waitFor();
        }
    }

    private static void await(InputStream said) throws IOException {
        int read;
        do {
            read = said.read();
        } while (read >= 0 && read != '\n');
    }
}
