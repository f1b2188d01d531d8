package cairn.attack.scenario;

import cairn.attack.ground.Cell;
import cairn.attack.ground.Ground;
import cairn.attack.ground.Hosts;
import cairn.attack.ground.Need;
import cairn.attack.ground.Server;
import cairn.attack.load.Epochs;
import cairn.attack.load.JobPlan;
import cairn.attack.load.VerifyJob;
import cairn.simulation.check.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Random garbage over one hundredth of every chunk file of one server, while clients read and check every byte. In the end each
 * damaged replica was reported, and every replica that the cell counts holds the right bytes on its disk.
 */
final class BitRot implements Scenario {

    private static final long FILE_BYTES = 96L << 20;
    private static final Cell.Plan PLAN = new Cell.Plan(4, 3, "8388608,65536");
    private static final int CHUNK_BYTES = 8 << 20;
    private static final int SECTOR_BYTES = 4096;
    private static final int SHARE = 100;
    private static final int READERS = 3;
    private static final double READS_PER_SECOND = 25;
    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final Duration MENDED = Duration.ofMinutes(4);

    @Override
    public String name() {
        return "bit-rot";
    }

    @Override
    public String sentence() {
        return "garbage over 1 % of one server's chunk files: no wrong byte is read, every damaged replica is reported and mended";
    }

    @Override
    public Set<Need> needs() {
        return Set.of();
    }

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public void run(Ground ground) throws IOException {
        Cell cell = Cell.start(ground, PLAN, Hosts.LOOPBACK, Cell.Directories.plain(ground));
        String path = Epochs.path(JobPlan.Kind.VERIFY, 0);
        cell.agent().put(path, FILE_BYTES, VerifyJob.NUMBER);
        Trial trial = new Trial(cell, CHUNK_BYTES);
        for (int i = 0; i < READERS; i++) {
            trial.start(JobPlan.Kind.VERIFY, READS_PER_SECOND);
        }
        trial.awaitReady();
        trial.go(CALM);
        Server victim = cell.chunkservers().getFirst();
        Trial.Running harm = trial.harm("bit rot");
        Set<String> damaged = damage(victim, new Random(FILE_BYTES));
        ground.say("damaged %d replicas of %s", damaged.size(), victim);
        Violation.unless(!damaged.isEmpty(), "%s holds nothing", victim);
        awaitMended(trial, path, victim, damaged);
        trial.go(CALM);
        harm.over();
        trial.finish();
    }

    private static Path chunks(Server server) {
        return server.directory().resolve("chunks");
    }

    /** The handles of what was damaged. */
    private static Set<String> damage(Server server, Random random) throws IOException {
        TreeSet<String> damaged = new TreeSet<>();
        try (Stream<Path> files = Files.list(chunks(server))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".chunk"))
                    .sorted()
                    .toList()) {
                if (Files.size(file) > 0) {
                    damage(file, random);
                    damaged.add(String.valueOf(file.getFileName()).replace(".chunk", ""));
                }
            }
        }
        return damaged;
    }

    private static void damage(Path path, Random random) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            long sectors = Math.max(1, file.size() / SECTOR_BYTES);
            for (long i = 0; i < Math.max(1, sectors / SHARE); i++) {
                byte[] garbage = new byte[(int) Math.min(SECTOR_BYTES, file.size())];
                random.nextBytes(garbage);
                file.write(ByteBuffer.wrap(garbage), random.nextLong(sectors) * SECTOR_BYTES);
            }
        }
    }

    private static void awaitMended(Trial trial, String path, Server victim, Set<String> damaged) throws IOException {
        long began = System.nanoTime();
        TreeSet<String> left = new TreeSet<>(damaged);
        String wrong = "";
        while (!left.isEmpty() || !wrong.isEmpty()) {
            Violation.unless(
                    System.nanoTime() - began < MENDED.toNanos(),
                    "after %s: %d of %d damaged replicas were never reported (%s); %s",
                    MENDED,
                    left.size(),
                    damaged.size(),
                    left,
                    wrong.isEmpty() ? "all replicas are right" : wrong);
            trial.go(GLANCE);
            String log = victim.program().output() + victim.program().errors();
            left.removeIf(handle -> log.contains("bad replica of " + handle));
            wrong = left.isEmpty() ? KeptFile.firstWrong(trial.cell(), path, PLAN.copies()) : "not all are reported";
        }
        trial.cell()
                .ground()
                .say(
                        "all %d reported, and every replica is right again, after %d s",
                        damaged.size(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
    }
}
