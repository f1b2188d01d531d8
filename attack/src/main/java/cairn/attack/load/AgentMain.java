package cairn.attack.load;

import cairn.client.Cairn;
import cairn.client.CairnInput;
import cairn.client.CairnOutput;
import cairn.client.CellReport;
import cairn.client.ChunkInfo;
import cairn.client.CreateOptions;
import cairn.client.FileInfo;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.simulation.check.FileOp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The judge's own client: takes a question a line on standard input, {@code NUMBER TAB VERB TAB ...}, answers on standard
 * output with {@code NUMBER TAB ok ...} or {@code NUMBER TAB error WHY}, and ends with its input.
 */
public final class AgentMain {

    private static final int BUFFER_BYTES = 1 << 20;

    private static final long SCRUB_GLANCE_MILLIS = 100;

    private AgentMain() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Cairn cairn = Connection.open(arguments[0], "judge")) {
            System.out.println("ready");
            for (String line = questions.readLine(); line != null; line = questions.readLine()) {
                String[] words = line.split("\t", -1);
                System.out.println(words[0] + "\t" + answer(cairn, words));
                System.out.flush();
            }
        }
    }

    private static String answer(Cairn cairn, String[] words) {
        try {
            return "ok\t" + String.join("\t", ask(cairn, words));
        } catch (IOException | RuntimeException e) {
            return "error\t" + e.toString().replaceAll("\\s+", " ");
        }
    }

    private static List<String> ask(Cairn cairn, String[] words) throws IOException {
        switch (words[1]) {
            case "report" -> {
                return report(cairn.report());
            }
            case "locate" -> {
                return cairn.locate(words[2]).stream().map(AgentMain::chunk).toList();
            }
            case "handles" -> {
                List<String> handles = new ArrayList<>();
                collectHandles(cairn, "", handles);
                return handles;
            }
            case "get" -> get(cairn, words[2], Path.of(words[3]));
            case "put" -> put(cairn, words[2], Long.parseLong(words[3]), Integer.parseInt(words[4]));
            case "delete" -> delete(cairn, words[2]);
            case "scrub" -> scrub(cairn, ServerAddress.parse(words[2]));
            case "mkdir" -> cairn.mkdir(words[2], true);
            default -> throw new IllegalArgumentException("what is " + words[1] + "?");
        }
        return List.of();
    }

    private static List<String> report(CellReport report) {
        long live = report.servers().stream()
                .filter(server -> server.state().equals("live"))
                .count();
        List<String> numbers = new ArrayList<>();
        for (long number : new long[] {
            live,
            report.chunks(),
            report.chunksMissing(),
            report.chunksUnderReplicated(),
            report.chunksOverReplicated(),
            report.chunksOpen()
        }) {
            numbers.add(Long.toString(number));
        }
        return numbers;
    }

    private static String chunk(ChunkInfo chunk) {
        List<String> replicas =
                chunk.replicas().stream().map(each -> each.address().toString()).toList();
        return "%d %s %d %s"
                .formatted(chunk.handle().value(), chunk.sealed(), chunk.length(), String.join(",", replicas));
    }

    private static void collectHandles(Cairn cairn, String directory, List<String> handles) throws IOException {
        for (FileInfo entry : cairn.list(directory.isEmpty() ? "/" : directory)) {
            String path = directory + "/" + entry.name();
            if (entry.directory()) {
                collectHandles(cairn, path, handles);
            } else {
                cairn.locate(path)
                        .forEach(chunk ->
                                handles.add(Long.toString(chunk.handle().value())));
            }
        }
    }

    private static void get(Cairn cairn, String path, Path into) throws IOException {
        try (CairnInput input = cairn.open(path);
                FileChannel file = FileChannel.open(
                        into,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (input.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    file.write(buffer);
                }
                buffer.clear();
            }
        }
    }

    private static void put(Cairn cairn, String path, long bytes, int number) throws IOException {
        try (CairnOutput output = cairn.create(path, CreateOptions.DEFAULTS.withMakeParents(true))) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (long at = 0; at < bytes; ) {
                int count = (int) Math.min(buffer.length, bytes - at);
                for (int i = 0; i < count; i++) {
                    buffer[i] = FileOp.byteOf(number, at + i);
                }
                output.write(ByteBuffer.wrap(buffer, 0, count));
                at += count;
            }
        }
    }

    private static void scrub(Cairn cairn, ServerAddress server) throws IOException {
        cairn.scrubAll(server);
        while (cairn.scrubProgress(server).waiting() > 0) {
            Pace.sleepMillis(SCRUB_GLANCE_MILLIS);
        }
    }

    private static void delete(Cairn cairn, String path) throws IOException {
        try {
            cairn.delete(path, true, true);
        } catch (CairnException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
        }
    }
}
