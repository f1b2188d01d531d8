package cairn.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The verbs, in the order of the overview. A verb's class is loaded when it is asked for. */
enum Verb {
    UP(Part.CELL, "start a whole cell in this process: a master and chunkservers", UpCommand::new),
    MASTER(Part.CELL, "run a master", MasterCommand::new),
    CHUNKSERVER(Part.CELL, "run a chunkserver", ChunkServerCommand::new),
    REPORT(Part.CELL, "servers, space, health", ReportCommand::new),
    SCRUB(Part.CELL, "verify replicas against their checksums now", ScrubCommand::new),
    DRAIN(Part.CELL, "move everything off a chunkserver, while it serves", DrainCommand::new),
    UNDRAIN(Part.CELL, "take that back", UndrainCommand::new),
    FORGET(Part.CELL, "forget a chunkserver that is gone for good", ForgetCommand::new),
    LIMITS(Part.CELL, "how much is copied at a time and how fast: show and set", LimitsCommand::new),
    FSCK(Part.CELL, "judge every chunk: missing, damaged, too few copies", FsckCommand::new),
    EXPLAIN(Part.CELL, "why a file, chunk or server is as it is, and what is being done", ExplainCommand::new),
    DOCTOR(Part.CELL, "look for trouble in the cell and on this machine, and say what to do", DoctorCommand::new),
    DF(Part.CELL, "space of the cell", DfCommand::new),

    LS(Part.NAMES, "list directories", LsCommand::new),
    STAT(Part.NAMES, "all about a file or directory", StatCommand::new),
    MKDIR(Part.NAMES, "make directories", MkdirCommand::new),
    MV(Part.NAMES, "rename or move", MvCommand::new),
    SNAPSHOT(Part.NAMES, "clone a file or a tree at once, without copying data", SnapshotCommand::new),
    RM(Part.NAMES, "delete, into the trash", RmCommand::new),
    UNDELETE(Part.NAMES, "bring back what was deleted", UndeleteCommand::new),
    TRASH(Part.NAMES, "what was deleted: list it, give it up, how long it is kept", TrashCommand::new),
    QUOTA(Part.NAMES, "limit what a directory may hold", QuotaCommand::new),
    TOUCH(Part.NAMES, "make empty files, or set the time of existing ones", TouchCommand::new, "touchz"),
    CHMOD(Part.NAMES, "change permissions", ChmodCommand::new),
    CHOWN(Part.NAMES, "change owner and group", ChownCommand::new),
    SETREP(Part.NAMES, "change how many copies are kept", SetrepCommand::new),
    TEST(Part.NAMES, "ask about a path; the exit code is the answer", TestCommand::new),
    FIND(Part.NAMES, "find by name, type and size", FindCommand::new),
    DU(Part.NAMES, "sum up sizes", DuCommand::new),

    PUT(Part.DATA, "copy local files into the cell", PutCommand::new, "copyFromLocal"),
    GET(Part.DATA, "copy files out of the cell", GetCommand::new, "copyToLocal"),
    CP(Part.DATA, "copy within the cell", CpCommand::new),
    CAT(Part.DATA, "write files to standard output", CatCommand::new),
    HEAD(Part.DATA, "the start of a file", HeadCommand::new),
    TAIL(Part.DATA, "the end of a file; -f follows it as it grows", TailCommand::new),
    APPEND(Part.DATA, "append records, each exactly once", AppendCommand::new),
    WRITE(Part.DATA, "write standard input at an offset", WriteCommand::new),
    TRUNCATE(Part.DATA, "cut or extend files", TruncateCommand::new),
    CHECKSUM(Part.DATA, "checksums of whole files", ChecksumCommand::new),
    LOCATE(Part.DATA, "the chunks of a file and where their replicas are", LocateCommand::new),

    DUMP(Part.DEBUG, "show a log, a checkpoint or a chunk store on disk", DumpCommand::new),
    BENCH(Part.DEBUG, "measure a cell of its own, beside other systems", BenchCommand::new),
    SIM(Part.DEBUG, "run a whole cell in simulation", SimCommand::new),
    VERSION(Part.DEBUG, "print the version", VersionCommand::new);

    /** Verbs of {@code hdfs dfs} that are not taken over because they mean something else here, and what to write instead. */
    private static final Map<String, String> ELSEWHERE = new TreeMap<>(Map.of(
            "appendtofile",
                    "append FILE < LOCAL (a record for each line) or append FILE --record-file LOCAL (one record)",
            "chgrp", "chown :GROUP PATH",
            "count", "du -s PATH",
            "expunge", "trash empty",
            "lsr", "ls -R PATH",
            "movefromlocal", "put LOCAL PATH, then remove LOCAL",
            "rmdir", "rm -r PATH",
            "rmr", "rm -r PATH",
            "text", "cat PATH"));

    private final Part part;
    private final String summary;

    // A constructor each.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Supplier<Action> maker;

    /** What hdfs dfs calls it; empty when that is the same. */
    private final String alias;

    private enum Part {
        CELL("The cell"),
        NAMES("Names"),
        DATA("Data"),
        DEBUG("Looking inside");

        private final String title;

        Part(String title) {
            this.title = title;
        }
    }

    Verb(Part part, String summary, Supplier<Action> maker) {
        this(part, summary, maker, "");
    }

    Verb(Part part, String summary, Supplier<Action> maker, String alias) {
        this.part = part;
        this.summary = summary;
        this.maker = maker;
        this.alias = alias;
    }

    /** The verb that {@code word} names; also written as {@code hdfs dfs} has it, with a dash before it. */
    static Optional<Verb> named(String word) {
        String name = word.startsWith("-") ? word.substring(1) : word;
        return Arrays.stream(values())
                .filter(verb -> !name.isEmpty())
                .filter(verb -> verb.word().equals(name) || verb.alias.equals(name))
                .findFirst();
    }

    /** What to say about a word that is no verb. */
    static String unknown(String word) {
        String name = word.startsWith("-") ? word.substring(1) : word;
        String instead = ELSEWHERE.get(name.toLowerCase(Locale.ROOT));
        String start = "'" + word + "' is no command; ";
        if (instead != null) {
            return start + "here it is: cairn " + instead;
        }
        return start
                + nearest(name).map(verb -> "did you mean '" + verb + "'? ").orElse("") + "see: cairn --help";
    }

    /** All verbs with a line each. */
    static String overview() {
        StringBuilder text = new StringBuilder(
                "Cairn: the Google File System, built today.\n\nUsage: cairn VERB [OPTIONS] [OPERANDS]\n");
        for (Part part : Part.values()) {
            text.append('\n').append(part.title).append(":\n");
            for (Verb verb : values()) {
                if (verb.part == part) {
                    String word = verb.word();
                    text.append("  ")
                            .append(word)
                            .append(" ".repeat(13 - word.length()))
                            .append(verb.summary)
                            .append('\n');
                }
            }
        }
        return text + """

            cairn VERB --help shows the options of a verb, with examples.
            --cell HOST:PORT, on any verb, or CAIRN_CELL in the environment, names the cell; otherwise
            127.0.0.1:7433. --json prints for programs what is a table for people.
            Exit codes: 0 done, 1 failed, 2 wrong usage. CAIRN_DEBUG=1 shows where a failure came from.
            """;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this verb runs servers, which log. */
    boolean logs() {
        return this == UP || this == MASTER || this == CHUNKSERVER;
    }

    Action action() {
        return maker.get();
    }

    private static Optional<String> nearest(String name) {
        return Arrays.stream(values())
                .map(Verb::word)
                .filter(word -> distance(word, name) <= (word.length() > 3 ? 2 : 1))
                .min(Comparator.comparingInt(word -> distance(word, name)));
    }

    /** Letters to add, drop or change (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
