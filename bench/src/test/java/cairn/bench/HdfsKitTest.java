package cairn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HdfsKitTest {
    @TempDir
    private Path directory;

    @Test
    void the_script_is_told_where_the_bench_is_and_says_where_hdfs_is() throws IOException {
        Path script = script("echo java=/a/java; echo class-path=$1:$2");
        try (Ground ground = Ground.make(directory)) {
            HdfsKit kit = HdfsKit.prepare(ground, launcher(script));
            assertThat(kit.java()).isEqualTo("/a/java");
            assertThat(kit.classPath()).isEqualTo("/app/7:" + ground.directory("hdfs-classes"));
            assertThat(kit.command("-Xmx1m", Path.of("/log"), "Main", List.of("word")))
                    .startsWith("/a/java", "-Xmx1m")
                    .endsWith("-cp", kit.classPath(), "Main", "word");
        }
    }

    @Test
    void when_hdfs_cannot_be_fetched_the_script_says_why() throws IOException {
        Path script = script("echo 'is there a network?' >&2; exit 1");
        try (Ground ground = Ground.make(directory)) {
            assertThatThrownBy(() -> HdfsKit.prepare(ground, launcher(script)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is there a network?");
        }
    }

    @Test
    void outside_of_a_checkout_there_is_no_hdfs() throws IOException {
        try (Ground ground = Ground.make(directory)) {
            assertThatThrownBy(() -> Target.start("hdfs", ground, launcher(null)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("checkout");
        }
    }

    private Path script(String commands) throws IOException {
        Path script = Files.writeString(directory.resolve("script"), "#!/bin/sh\n" + commands + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private static Launcher launcher(@Nullable Path script) {
        return new Launcher(Path.of("java"), List.of(), List.of(), "/app/7/cli.jar", "Main", script);
    }
}
