package cairn.attack.scenario;

import cairn.attack.ground.Agent;
import cairn.attack.ground.Server;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Replicas of a file that nobody changes are damaged, a few in each way, all on one server at a time. Each must be reported, and
 * replaced by a good one.
 */
final class DamagedReplicas {

    /** What is done to one replica, and how it becomes known. */
    private enum Way {
        /** Found when the journal is read, at the next start. */
        JOURNAL_FLIPPED {
            @Override
            void harm(Path data, Path journal, Random random) throws IOException {
                Damage.flip(journal, random.nextLong(Files.size(journal) / 2));
            }
        },
        JOURNAL_CUT {
            @Override
            void harm(Path data, Path journal, Random random) throws IOException {
                Damage.cut(journal, Files.size(journal) / 2);
            }
        },
        JOURNAL_GONE {
            @Override
            void harm(Path data, Path journal, Random random) throws IOException {
                Files.delete(journal);
            }
        },
        DATA_GONE {
            @Override
            void harm(Path data, Path journal, Random random) throws IOException {
                Files.delete(data);
            }
        },
        /** Found when it is read, or by the scrubber. */
        DATA_FLIPPED {
            @Override
            void harm(Path data, Path journal, Random random) throws IOException {
                Damage.flip(data, random.nextLong(Files.size(data)));
            }
        },
        DATA_CUT {
            @Override
            void harm(Path data, Path journal, Random random) throws IOException {
                Damage.cut(data, random.nextLong(Files.size(data)));
            }
        };

        abstract void harm(Path data, Path journal, Random random) throws IOException;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private static final int OF_EACH_WAY = 2;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration MENDED = Duration.ofMinutes(2);

    private final Trial trial;
    private final String path;
    private final int copies;
    private final Random random;

    DamagedReplicas(Trial trial, String path, int copies, Random random) {
        this.trial = trial;
        this.path = path;
        this.copies = copies;
        this.random = random;
    }

    void run() throws IOException {
        List<Server> servers = trial.cell().chunkservers();
        stopped(servers.get(0));
        trial.calm();
        running(servers.get(1));
        trial.calm();
        journalsWhileRunning(servers.get(2));
        trial.calm();
        identity(servers.get(3));
    }

    /** Every way, while the server is down. */
    private void stopped(Server victim) throws IOException {
        List<String> there = held(victim);
        Trial.Running harm = trial.harm("damaged replicas of a stopped chunkserver");
        victim.kill();
        Before before = before(victim);
        NavigableMap<String, Way> damaged = damage(victim, there, List.of(Way.values()));
        victim.start();
        trial.cell().agent().scrub(victim);
        awaitMended(victim, damaged, before);
        harm.over();
    }

    /** The data of replicas that are being read, and of the open ones that are being written. */
    private void running(Server victim) throws IOException {
        Trial.Running harm = trial.harm("damaged data of a running chunkserver");
        Before before = before(victim);
        NavigableMap<String, Way> damaged = damage(victim, held(victim), List.of(Way.DATA_FLIPPED, Way.DATA_CUT));
        for (Path data : Damage.files(chunks(victim), "", ".chunk")) {
            long bytes = Files.exists(data) ? Files.size(data) : 0;
            if (bytes > 0 && !damaged.containsKey(handle(data))) {
                Damage.flip(data, random.nextLong(bytes));
            }
        }
        trial.cell().agent().scrub(victim);
        awaitMended(victim, damaged, before);
        harm.over();
    }

    /** A running server does not read its journals; it finds out when it starts again. */
    private void journalsWhileRunning(Server victim) throws IOException {
        Before before = before(victim);
        NavigableMap<String, Way> damaged = damage(victim, held(victim), List.of(Way.JOURNAL_FLIPPED));
        trial.go(SOON);
        Trial.Running harm = trial.harm("damaged journals of a chunkserver that is killed then");
        victim.kill();
        victim.start();
        awaitMended(victim, damaged, before);
        harm.over();
    }

    /** To whom a directory belongs is not guessed. */
    private void identity(Server victim) throws IOException {
        Path file = victim.directory().resolve("store");
        Trial.Running harm = trial.harm("damaged identity of a chunkserver");
        victim.kill();
        long place = random.nextLong(Files.size(file));
        Damage.flip(file, place);
        Refusal.of(victim, file, "restore this file");
        Damage.flip(file, place);
        victim.start();
        harm.over();
    }

    private static Path chunks(Server server) {
        return server.directory().resolve("chunks");
    }

    private static String handle(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.indexOf('.'));
    }

    /** How much victim and master had said when the damage was done. */
    private record Before(int victim, int master) {}

    private Before before(Server victim) {
        return new Before(
                victim.program().errors().length(),
                trial.cell().master().program().errors().length());
    }

    /** What victim and master have said since. */
    private String said(Server victim, Before before) {
        return victim.program().errors().substring(before.victim())
                + trial.cell().master().program().errors().substring(before.master());
    }

    /** The chunks of the file that it holds, as the master knows while it lives. */
    private List<String> held(Server server) throws IOException {
        List<String> there = new ArrayList<>();
        for (Agent.Chunk chunk : trial.cell().agent().locate(path)) {
            if (chunk.sealed() && chunk.replicas().contains(server.address().toString())) {
                there.add("%016x".formatted(chunk.handle()));
            }
        }
        return there;
    }

    /** The handles of what was damaged, and how. */
    private NavigableMap<String, Way> damage(Server victim, List<String> there, List<Way> ways) throws IOException {
        Violation.unless(there.size() >= OF_EACH_WAY * ways.size(), "%s holds only %s", victim, there);
        NavigableMap<String, Way> damaged = new TreeMap<>();
        for (int i = 0; i < OF_EACH_WAY * ways.size(); i++) {
            String handle = there.get(i);
            Way way = ways.get(i % ways.size());
            way.harm(chunks(victim).resolve(handle + ".chunk"), chunks(victim).resolve(handle + ".journal"), random);
            damaged.put(handle, way);
        }
        trial.cell().ground().say("%s: %s", victim, damaged);
        return damaged;
    }

    private void awaitMended(Server victim, NavigableMap<String, Way> damaged, Before before) throws IOException {
        long began = System.nanoTime();
        NavigableMap<String, Way> unreported = new TreeMap<>(damaged);
        String wrong = "not all are reported";
        while (!wrong.isEmpty()) {
            Violation.unless(
                    System.nanoTime() - began < MENDED.toNanos(),
                    "after %s: never reported: %s; %s",
                    MENDED,
                    unreported,
                    wrong);
            trial.go(SOON);
            String said = said(victim, before);
            unreported
                    .keySet()
                    .removeIf(handle -> Pattern.compile("\\b" + handle + "\\b")
                            .matcher(said)
                            .find());
            wrong = unreported.isEmpty() ? KeptFile.firstWrong(trial.cell(), path, copies) : "not all are reported";
        }
        trial.cell()
                .ground()
                .say(
                        "all %d reported, and every replica is right again, after %d s",
                        damaged.size(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    }
}
