package cairn.simulation.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.model.proof.Rule;
import cairn.simulation.Fault;
import cairn.simulation.cell.Limit;
import cairn.simulation.cell.Limits;
import cairn.simulation.cell.SeedRun.Request;
import cairn.simulation.cell.WorkloadKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final Request SMALL = new Request(
            40263,
            WorkloadKind.APPENDS,
            EnumSet.of(Fault.CRASH, Fault.ONE_WAY),
            EnumSet.of(Rule.SERVING_TERM),
            Limits.NONE.with(Limit.CLIENTS, 1).with(Limit.STORM, 300));

    @Test
    void a_command_names_the_run_and_nothing_else() {
        assertEquals(
                "./cairn sim --seed 40263 --workload appends --faults crash,one-way --limit clients=1,storm=300ms"
                        + " --break serving-term",
                Replay.command(SMALL));
        assertEquals(SMALL, Arguments.parse(Replay.words(SMALL)).request(40263));
    }

    @Test
    void a_run_without_faults_is_read_back_too() {
        Request calm = new Request(1, WorkloadKind.FILES, EnumSet.noneOf(Fault.class), Set.of());
        assertEquals(calm, Arguments.parse(Replay.words(calm)).request(1));
    }

    @Test
    void a_line_of_the_corpus_carries_options_and_a_reason() {
        Request unbroken = new Request(SMALL.seed(), SMALL.workload(), SMALL.faults(), Set.of(), SMALL.limits());
        String line = Replay.line(unbroken, "a suspect replica took a seal");
        assertEquals(
                "40263 appends --faults crash,one-way --limit clients=1,storm=300ms a suspect replica took a seal",
                line);
        assertEquals(unbroken, Replay.parse(line));
        assertEquals(
                new Request(55, WorkloadKind.MIXED, Fault.ALL, Set.of()),
                Replay.parse("55 mixed a chunk logged and never led"));
    }

    @Test
    void a_limit_is_a_thing_and_a_number() {
        for (String wrong : List.of("clients", "clients=x", "storm=3", "legs=2")) {
            assertThrows(
                    SimRunner.WrongArguments.class,
                    () -> Arguments.parse(List.of("--seed", "1", "--limit", wrong)),
                    wrong);
        }
    }

    @Test
    void failures_that_differ_in_numbers_only_are_of_one_kind() {
        String kind = Findings.kind("chunk 00000000deadbeef v7: 12 bytes are lost\nat 5 s");
        assertEquals(kind, Findings.kind("chunk 00000000cafebabe v12: 4096 bytes are lost\nat 7 s"));
        assertNotEquals(kind, Findings.kind("chunk 00000000deadbeef v7: 12 bytes are twice\nat 5 s"));
        assertEquals(
                kind,
                Findings.kind("judge/main#9 threw cairn.Violation: chunk 00000000deadbeef v7: 12 bytes are lost"));
    }

    @Test
    void a_search_reports_hours_faults_and_probes_for_people_and_for_programs(@TempDir Path directory)
            throws IOException {
        Path json = directory.resolve("report.json");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = SimRunner.run(
                List.of("--seeds", "6", "--coverage", "--json", json.toString()),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        String said = out.toString(StandardCharsets.UTF_8);
        assertEquals(0, code, said);
        assertTrue(said.contains("6 seeds, ") && said.contains("simulated hours"), said);
        assertTrue(said.contains("connection-refused"), said);
        String text = Files.readString(json);
        assertTrue(text.contains("\"seeds\": 6,") && text.contains("\"crash\": "), text);
        assertTrue(text.contains("\"connection-refused\": {\"times\": "), text);
    }
}
