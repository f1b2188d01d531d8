package cairn.attack.scenario;

import cairn.attack.ground.Agent;
import cairn.attack.ground.Cell;
import cairn.attack.ground.Server;
import cairn.attack.load.Epochs;
import cairn.attack.load.JobPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Picks the server that plays a part for what the producers append to just now. */
final class Victims {

    /** A chunk that lost its other members may be all that is appended to, until it is full or they are back. */
    private static final int TRIES = 600;

    private static final long PAUSE_MILLIS = 50;

    /** What a chunkserver is for a chunk, or the master. */
    enum Part {
        PRIMARY,
        SECONDARY,
        BYSTANDER,
        MASTER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Cell cell;
    private final Epochs epochs;
    private final Random random;

    Victims(Cell cell, Epochs epochs, Random random) {
        this.random = random;
        this.cell = cell;
        this.epochs = epochs;
    }

    /** Waits for one. */
    Server pick(Part part) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Optional<Server> found = find(part);
            if (found.isPresent()) {
                return found.get();
            }
            pause();
        }
        throw new IOException("no chunkserver is " + part + " of what is appended to");
    }

    /** None when nobody plays this part just now. */
    Optional<Server> find(Part part) throws IOException {
        if (part == Part.MASTER) {
            return Optional.of(cell.master());
        }
        List<String> chain = chain();
        List<Server> fitting = new ArrayList<>();
        for (Server server : cell.chunkservers()) {
            int place = chain.indexOf(server.address().toString());
            boolean fits = switch (part) {
                case PRIMARY -> place == 0;
                case SECONDARY -> place > 0;
                case BYSTANDER -> place < 0;
                case MASTER -> false;
            };
            if (fits && chain.size() > 1 && server.isRunning()) {
                fitting.add(server);
            }
        }
        return fitting.isEmpty() ? Optional.empty() : Optional.of(fitting.get(random.nextInt(fitting.size())));
    }

    /** The replicas of the open last chunk, primary first; none when there is no such chunk now. */
    private List<String> chain() throws IOException {
        try {
            List<Agent.Chunk> chunks = cell.agent().locate(Epochs.path(JobPlan.Kind.APPEND, epochs.current()));
            return chunks.isEmpty() || chunks.getLast().sealed()
                    ? List.of()
                    : chunks.getLast().replicas();
        } catch (IOException e) { // the file of a new epoch may not be there yet
            return List.of();
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}
