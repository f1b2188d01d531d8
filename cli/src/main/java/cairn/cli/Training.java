package cairn.cli;

import cairn.client.AppendOptions;
import cairn.client.Cairn;
import cairn.client.CairnAppender;
import cairn.model.ServerAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.NOP_FallbackServiceProvider;

/**
 * What a build runs once, so that the JVM can keep the classes that commands load and link (bin/build): an embedded cell
 * in a temporary directory, and the verbs against it. What it prints goes nowhere.
 */
public final class Training {
    /** One chunk: enough requests for the JVM to note what is hot on the way of the data. */
    private static final int FILE_BYTES = 64 << 20;

    private static final int RECORD_BYTES = 1 << 10;
    private static final int RECORDS = 5_000;
    private static final int RECORDS_PIPELINED = 50_000;

    private Training() {}

    public static void main(String[] arguments) throws IOException {
        // Servers load one of these, all other commands the other.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("slf4j.provider", "ch.qos.logback.classic.spi.LogbackServiceProvider");
        LogLevel.apply(LogLevel.Level.ERROR);
        new NOP_FallbackServiceProvider().initialize();
        Path directory = Files.createTempDirectory("cairn-training");
        try {
            run("", "");
            run("", "ls", "--help");
            try (EmbeddedCell cell = EmbeddedCell.start(new EmbeddedCell.Plan(directory.resolve("cell"), 3, 0, 3))) {
                verbs(cell.address().toString(), directory);
                records(cell.address());
            }
        } catch (IOException e) {
            // Less is learned; commands start a little later.
            System.err.println("training ended early: " + Explanation.of(e));
        } finally {
            delete(directory);
        }
        System.exit(Action.DONE);
    }

    private static void verbs(String cell, Path directory) throws IOException {
        Path file = directory.resolve("file");
        Files.write(file, new byte[FILE_BYTES]);
        String[][] lines = {
            {"mkdir", "-p", "/a/b"},
            {"put", file.toString(), "/a/file"},
            {"put", "-r", "-f", directory.resolve("cell/master").toString(), "/a/tree"},
            {"append", "-v", "/a/log"},
            {"write", "--offset", "10", "/a/file"},
            {"ls", "-l", "-h", "/a"},
            {"ls", "-R", "--json", "/"},
            {"stat", "/a/file"},
            {"cat", "/a/file"},
            {"head", "/a/log"},
            {"tail", "-n", "1", "/a/log"},
            {"get", "/a/file", directory.resolve("back").toString()},
            {"cp", "/a/file", "/a/copy"},
            {"mv", "/a/copy", "/a/moved"},
            {"snapshot", "/a", "/b"},
            {"du", "/"},
            {"df", "-h"},
            {"find", "/", "-name", "*o*"},
            {"touch", "/a/empty"},
            {"chmod", "u+x", "/a/empty"},
            {"chown", "me:us", "/a/empty"},
            {"scrub"},
            {"setrep", "2", "/a/empty"},
            {"test", "-e", "/a/none"},
            {"truncate", "-s", "5", "/a/file"},
            {"checksum", "/a/log"},
            {"locate", "/a/log"},
            {"report"},
            {"rm", "-r", "/a"},
            {"version"},
        };
        for (String[] line : lines) {
            run(cell, line);
        }
    }

    /** Small records, one after the other and many at once. */
    private static void records(ServerAddress cell) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
        try (Cairn cairn = Cairn.connect(cell);
                CairnAppender appender = cairn.append("/records", AppendOptions.DEFAULTS)) {
            for (int i = 0; i < RECORDS; i++) {
                appender.append(record);
                record.clear();
            }
            for (int i = 0; i < RECORDS_PIPELINED; i++) {
                appender.appendAsync(record);
                record.clear();
            }
            appender.flush();
        }
    }

    private static void run(String cell, String... line) {
        byte[] input = "one\ntwo\nthree".getBytes(StandardCharsets.UTF_8);
        Console console = new Console(
                new ByteArrayInputStream(input),
                new Output(Channels.newChannel(OutputStream.nullOutputStream())),
                new Output(Channels.newChannel(OutputStream.nullOutputStream())),
                Map.of("CAIRN_CELL", cell),
                false,
                new Interrupted());
        Main.run(line, console);
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException fault) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
