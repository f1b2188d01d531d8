package cairn.attack.ground;

import cairn.attack.load.AgentMain;
import cairn.model.ServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the cell on our behalf, from a host where the cell can be reached: a process that takes one question a line
 * ({@link AgentMain}). Thread-safe.
 */
public final class Agent {

    private static final Duration PATIENCE = Duration.ofSeconds(130);

    private final Program program;
    private int asked;

    private Agent(Program program) {
        this.program = program;
    }

    static Agent start(Ground ground, Host host, ServerAddress master) throws IOException {
        Program program = ground.startClient("judge", host.enter(), AgentMain.class, List.of(master.toString()));
        program.awaitLine("ready", PATIENCE);
        return new Agent(program);
    }

    /** The answer's words to a question; throws what went wrong. */
    public synchronized List<String> ask(String... words) throws IOException {
        asked++;
        if (!program.tell(asked + "\t" + String.join("\t", words))) {
            throw new IOException("the judge's client is gone: " + program.errors());
        }
        List<String> answer = List.of(program.awaitLine(asked + "\t", PATIENCE).split("\t", -1));
        if (!answer.getFirst().equals("ok")) {
            throw new IOException(String.join(" ", words) + ": " + String.join(" ", answer.subList(1, answer.size())));
        }
        return answer.subList(1, answer.size());
    }

    /** What the master says of the cell. */
    public record Report(int live, long chunks, long missing, long under, long over, long open) {

        /** Whether every chunk has its copies. */
        public boolean isWhole() {
            return missing == 0 && under == 0;
        }
    }

    public Report report() throws IOException {
        List<Long> numbers = ask("report").stream().map(Long::parseLong).toList();
        return new Report(
                numbers.get(0).intValue(),
                numbers.get(1),
                numbers.get(2),
                numbers.get(3),
                numbers.get(4),
                numbers.get(5));
    }

    /** A chunk and the addresses of its replicas; of an open one the primary's first. */
    public record Chunk(long handle, boolean sealed, long length, List<String> replicas) {}

    public List<Chunk> locate(String path) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        for (String chunk : ask("locate", path)) {
            String[] parts = chunk.split(" ", -1);
            List<String> replicas = parts[3].isEmpty() ? List.of() : List.of(parts[3].split(",", -1));
            chunks.add(new Chunk(
                    Long.parseLong(parts[0]), Boolean.parseBoolean(parts[1]), Long.parseLong(parts[2]), replicas));
        }
        return chunks;
    }

    /** The chunks of all files. */
    public List<Long> handles() throws IOException {
        return ask("handles").stream()
                .filter(each -> !each.isEmpty())
                .map(Long::parseLong)
                .toList();
    }

    /** Copies a file of the cell to one of this machine. */
    public void get(String path, Path into) throws IOException {
        ask("get", path, into.toString());
    }

    public void delete(String path) throws IOException {
        ask("delete", path);
    }

    /** Has a chunkserver verify all that it holds; returns when it has. */
    public void scrub(Server server) throws IOException {
        ask("scrub", server.address().toString());
    }

    public void mkdir(String path) throws IOException {
        ask("mkdir", path);
    }

    /** Makes a file of {@code bytes} bytes; byte n of it is that of write {@code number}. */
    public void put(String path, long bytes, int number) throws IOException {
        ask("put", path, Long.toString(bytes), Integer.toString(number));
    }
}
