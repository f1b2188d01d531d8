package cairn.server.chunk;

import cairn.model.Invariant;
import cairn.model.Patience;
import cairn.model.ServerAddress;
import cairn.model.proof.Rule;
import cairn.store.StoreOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a chunkserver is started with. All fields are fixed for its life.
 *
 * @param directories one for each disk; each holds a chunk store
 * @param master where the master listens
 * @param listen where to listen; port 0 takes a free one
 * @param rack placement spreads replicas over racks
 * @param syncWithin mutations of the default class are on disk this long after their acknowledgement at the latest
 * @param sealAfterIdle a chunk that was not mutated for this long is sealed
 * @param acknowledgeWithin a member that has not answered for a mutation by then is reported as failed; one whose process
 *     hangs is found sooner, by its pulse
 * @param store how the store on each disk is opened
 * @param sharesFiles whether readers on this host may read replicas from their files
 * @param upkeep how much the work in the background may take
 * @param broken rules that this server breaks; never any outside of tests
 */
public record ChunkServerOptions(
        List<String> directories,
        ServerAddress master,
        ServerAddress listen,
        String rack,
        Duration syncWithin,
        Duration sealAfterIdle,
        Duration acknowledgeWithin,
        StoreOptions store,
        boolean sharesFiles,
        Upkeep upkeep,
        Set<Rule> broken) {

    public ChunkServerOptions {
        Invariant.check(!directories.isEmpty(), "a chunkserver needs a directory");
        directories = List.copyOf(directories);
    }

    /** The defaults of a production server. */
    public static ChunkServerOptions of(List<String> directories, ServerAddress master, ServerAddress listen) {
        return new ChunkServerOptions(
                directories,
                master,
                listen,
                "default",
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofNanos(Patience.ACKNOWLEDGE_NANOS),
                StoreOptions.STANDARD,
                true,
                Upkeep.DEFAULT,
                Set.of());
    }

    public ChunkServerOptions withRack(String name) {
        return new ChunkServerOptions(
                directories,
                master,
                listen,
                name,
                syncWithin,
                sealAfterIdle,
                acknowledgeWithin,
                store,
                sharesFiles,
                upkeep,
                broken);
    }

    public ChunkServerOptions withSealAfterIdle(Duration idle) {
        return new ChunkServerOptions(
                directories,
                master,
                listen,
                rack,
                syncWithin,
                idle,
                acknowledgeWithin,
                store,
                sharesFiles,
                upkeep,
                broken);
    }

    public ChunkServerOptions withAcknowledgeWithin(Duration patience) {
        return new ChunkServerOptions(
                directories,
                master,
                listen,
                rack,
                syncWithin,
                sealAfterIdle,
                patience,
                store,
                sharesFiles,
                upkeep,
                broken);
    }

    public ChunkServerOptions withStore(StoreOptions options) {
        return new ChunkServerOptions(
                directories,
                master,
                listen,
                rack,
                syncWithin,
                sealAfterIdle,
                acknowledgeWithin,
                options,
                sharesFiles,
                upkeep,
                broken);
    }

    public ChunkServerOptions withUpkeep(Upkeep other) {
        return new ChunkServerOptions(
                directories,
                master,
                listen,
                rack,
                syncWithin,
                sealAfterIdle,
                acknowledgeWithin,
                store,
                sharesFiles,
                other,
                broken);
    }

    public ChunkServerOptions withSharedFiles(boolean shares) {
        return new ChunkServerOptions(
                directories,
                master,
                listen,
                rack,
                syncWithin,
                sealAfterIdle,
                acknowledgeWithin,
                store,
                shares,
                upkeep,
                broken);
    }

    /** For tests of tests. */
    public ChunkServerOptions breaking(Set<Rule> rules) {
        return new ChunkServerOptions(
                directories,
                master,
                listen,
                rack,
                syncWithin,
                sealAfterIdle,
                acknowledgeWithin,
                store,
                sharesFiles,
                upkeep,
                rules);
    }

    boolean keeps(Rule rule) {
        return !broken.contains(rule);
    }
}
