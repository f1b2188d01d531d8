package cairn.cli;

import cairn.simulation.scale.ScaleRunner;
import cairn.simulation.search.SimRunner;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

@Command(
        description =
                "Runs a whole cell, its clients and faults in simulation, one seed after the other. The same seed gives the "
                        + "same history, and the same trace hash in the last line.",
        footer = {
            "  cairn sim --seed 7 --workload appends    one seed (namespace, files, appends, mixed, hot, puts,\n"
                    + "                                           snapshots, moves)",
            "  cairn sim --seeds 200 --from 1000        many",
            "  cairn sim --minutes 10                   as many as there is time for",
            "  cairn sim --seed 7 --trace               every event",
            "  cairn sim --mutants                      break each rule of the protocol: how soon is it noticed?",
            "  cairn sim --seeds 200 --break RULE       one of them:",
            "      acknowledge-last, chain-whole, repeat-committed, producer-order,",
            "      seal-committed, producer-table, reconcile, fence, serving-term,",
            "      complete-source, version-once, repair-marked, clone-producers, committed-reads,",
            "      read-recheck, checksum, old-chunk-first, end-asked, sync, suspect, log-first,",
            "      log-sync, request-once, fork-first, shared-kept, permit-stands, permit-term, permit-held",
            "  cairn sim --seeds 50 --faults crash,cut  only these (crash, client, pause, partition, power, cut; or none)",
            "  cairn sim --seed 7 --limit steps=20,storm=3s   smaller: clients, readers, steps, storm, servers, disks",
            "  cairn sim --minutes 10 --failures 3      until so many kinds of failures are found; 10 unless told",
            "  cairn sim --minutes 10 --shrink 300      seconds for making a failure smaller; 60 unless told, 0: not at all",
            "  cairn sim --seeds 200 --coverage         how often each branch that handles a fault was taken",
            "  cairn sim --seeds 200 --json FILE        the report for programs",
            "  cairn sim --seeds 500 --threads 4        on so many threads; 2 unless told",
            "  cairn sim --scale --servers 1000 --scenario rack   the real master with that many modelled chunkservers:",
            "      --scenario server, pair, rack, expansion or restart; --servers N (342), --replicas N each (15000) or --chunks N,",
            "      --rack N servers on a rack (40), --rate BYTES of a copy (6250000), --seed N, --first N replicas on",
            "      the first server, which dies, --charged: the master's CPU time passes in the simulated world, --json FILE"
        })
final class SimCommand implements Action {
    /** The simulator reads its own options. */
    @Unmatched
    List<String> arguments = new ArrayList<>();

    @Override
    public int run(Console console) throws IOException {
        try (PrintStream out = new PrintStream(Channels.newOutputStream(console.out()), true, StandardCharsets.UTF_8)) {
            if (arguments.remove("--scale")) {
                return ScaleRunner.run(arguments, out);
            }
            return SimRunner.run(arguments, out);
        } catch (SimRunner.WrongArguments e) {
            throw new WrongUsage(String.valueOf(e.getMessage()));
        }
    }
}
