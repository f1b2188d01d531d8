package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ErrorCode;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.CheckReply;
import cairn.wire.proto.CheckRequest;
import cairn.wire.proto.ChunkExplanation;
import cairn.wire.proto.ChunkFinding;
import cairn.wire.proto.Count;
import cairn.wire.proto.ExplainReply;
import cairn.wire.proto.ExplainRequest;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ReplicaFate;
import cairn.wire.proto.ReplicaFinding;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.ServerExplanation;
import cairn.wire.proto.ServerFinding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators are told of a cell, and that it is so. */
final class InspectionTest {

    private static CheckReply check(Crew crew, CheckRequest request) {
        return Bench.reply(crew.master.ask(new MasterInput.Check(crew.master.ticket(), request)), CheckReply.class);
    }

    private static CheckReply check(Crew crew) {
        return check(crew, CheckRequest.newBuilder().setAll(true).build());
    }

    private static ChunkFinding finding(Crew crew) {
        CheckReply reply = check(crew);
        assertThat(reply.getExamined()).isEqualTo(1);
        return reply.getChunks(0);
    }

    private static ExplainReply explain(Crew crew, ExplainRequest.Builder request) {
        return Bench.reply(
                crew.master.ask(new MasterInput.Explain(crew.master.ticket(), request.build())), ExplainReply.class);
    }

    private static ChunkExplanation explained(Crew crew) {
        return explain(crew, ExplainRequest.newBuilder().setHandle(1)).getChunks(0);
    }

    private static ServerExplanation explained(Crew crew, long server) {
        return explain(crew, ExplainRequest.newBuilder().setServerId(server)).getServer();
    }

    /** A sealed chunk with a good replica on each of its three servers. */
    private static Crew sealed(int servers) {
        Crew crew = new Crew(servers);
        crew.writtenChunk();
        crew.seal();
        crew.pass(6); // the start of the master is over
        return crew;
    }

    private static List<Long> holders(Crew crew) {
        return finding(crew).getReplicasList().stream()
                .filter(replica -> replica.getWorth().equals("good"))
                .map(replica -> replica.getMember().getServerId())
                .toList();
    }

    private static String worth(Crew crew, long server) {
        return finding(crew).getReplicasList().stream()
                .filter(replica -> replica.getMember().getServerId() == server)
                .map(ReplicaFinding::getWorth)
                .findFirst()
                .orElse("none");
    }

    @Test
    void a_chunk_with_all_its_copies_is_healthy_while_it_is_written_and_when_it_is_sealed() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        assertThat(finding(crew).getHealth()).isEqualTo("healthy");
        crew.seal();
        assertThat(finding(crew).getHealth())
                .as("before any server told of the seal")
                .isEqualTo("healthy");
        crew.pass(6);
        ChunkFinding finding = finding(crew);
        assertThat(finding.getHealth()).isEqualTo("healthy");
        assertThat(finding.getPath()).isEqualTo("/f");
        assertThat(finding.getGood()).isEqualTo(3);
        assertThat(explained(crew).getRepair()).isEqualTo("none needed");
    }

    @Test
    void healthy_chunks_are_counted_and_told_only_when_asked_for() {
        Crew crew = sealed(3);
        CheckReply reply = check(crew, CheckRequest.getDefaultInstance());
        assertThat(reply.getChunksCount()).isZero();
        assertThat(reply.getHealthList())
                .containsExactly(
                        Count.newBuilder().setName("healthy").setValue(1).build());
        assertThat(reply.getMore()).isFalse();
    }

    @Test
    void a_server_that_is_away_leaves_its_chunk_under_and_repair_says_that_it_waits_for_it() {
        Crew crew = sealed(4);
        crew.pass(16); // so long that the master believes who is not here is gone
        long lost = holders(crew).getLast();
        crew.away.add(lost);
        crew.pass(12);
        assertThat(finding(crew).getHealth()).isEqualTo("under");
        assertThat(worth(crew, lost)).isEqualTo("away");
        ChunkExplanation told = explained(crew);
        assertThat(told.getRepair()).isEqualTo("waits");
        assertThat(told.getReason()).contains("may be back");

        crew.pass(8);
        assertThat(finding(crew).getHealth()).as("copied elsewhere").isEqualTo("healthy");
        assertThat(worth(crew, lost)).isEqualTo("gone");
    }

    @Test
    void of_an_idle_open_chunk_is_told_that_its_member_may_be_back_and_then_that_it_is_sealed_first() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        crew.pass(20);
        crew.away.add(crew.members().getLast());
        crew.pass(12);
        assertThat(explained(crew).getRepair()).isEqualTo("waits");
        assertThat(explained(crew).getReason()).contains("may be back");
        crew.pass(8);
        assertThat(explained(crew).getRepair()).isEqualTo("due");
        assertThat(explained(crew).getReason()).contains("written off").contains("seals it now");
    }

    @Test
    void of_an_open_chunk_with_one_member_less_is_told_for_as_long_as_repair_waits_that_it_does() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        crew.pass(20);
        long lost = crew.members().getLast();
        crew.away.add(lost);
        crew.fail(lost);
        crew.pass(10);
        assertThat(crew.clones).isEmpty();
        assertThat(explained(crew).getRepair()).isEqualTo("waits");
        assertThat(explained(crew).getReason()).contains("may be back");
        crew.copies = false;
        crew.pass(8);
        assertThat(crew.clones).hasSize(1);
        assertThat(explained(crew).getRepair()).isEqualTo("copying");
    }

    @Test
    void of_an_open_chunk_that_nobody_leads_is_told_that_it_is_brought_up_first() {
        Crew crew = new Crew(4);
        crew.writtenChunk();
        crew.pass(20);
        crew.away.add(crew.members().getFirst());
        crew.pass(6);
        crew.pass(5);
        assertThat(explained(crew).getRepair()).isEqualTo("waits");
        assertThat(explained(crew).getReason()).contains("nobody leads");
    }

    @Test
    void a_chunk_that_was_just_sealed_is_not_called_misplaced_before_all_its_servers_told_of_it() {
        Crew crew = new Crew(List.of("a", "a", "b"));
        crew.writtenChunk();
        crew.pass(20);
        crew.master.notes.clear();
        crew.seal();
        crew.beatUnheard(1);
        crew.beatUnheard(2);
        crew.master.tick();
        assertThat(finding(crew).getHealth()).isEqualTo("healthy");
        crew.pass(2);
        assertThat(crew.master.notes).noneMatch(line -> line.contains("misplaced"));
    }

    @Test
    void a_copy_under_way_and_one_that_failed_are_told_with_the_time_of_the_next_try() {
        Crew crew = sealed(4);
        crew.copies = false;
        crew.away.add(holders(crew).getLast());
        crew.pass(25);
        assertThat(explained(crew).getRepair()).isEqualTo("copying");
        Effect.Clone clone = crew.clones.getLast();
        crew.away.add(clone.target().server().value());
        crew.carryOut(clone);
        crew.away.remove(clone.target().server().value());
        ChunkExplanation told = explained(crew);
        assertThat(told.getRepair()).isEqualTo("retry");
        assertThat(told.getReason()).contains("refused");
        assertThat(told.getNextTryMillis()).isBetween(1L, 5000L);
    }

    @Test
    void with_no_server_left_to_copy_to_repair_is_blocked_and_says_what_is_needed() {
        Crew crew = sealed(3);
        crew.away.add(holders(crew).getLast());
        crew.pass(25);
        ChunkExplanation told = explained(crew);
        assertThat(told.getRepair()).isEqualTo("blocked");
        assertThat(told.getReason()).contains("another chunkserver is needed");
        assertThat(explain(crew, ExplainRequest.newBuilder().setPath("/f")).getSentencesList())
                .anyMatch(sentence -> sentence.contains("another chunkserver is needed"));
    }

    @Test
    void a_chunk_whose_servers_are_all_away_is_missing_and_names_them() {
        Crew crew = sealed(3);
        List<Long> all = holders(crew);
        crew.away.addAll(all);
        crew.pass(12);
        assertThat(finding(crew).getHealth()).isEqualTo("missing");
        assertThat(explained(crew).getReason()).contains("s" + all.getFirst()).contains("s" + all.getLast());
        crew.away.clear();
        crew.pass(3);
        assertThat(finding(crew).getHealth()).isEqualTo("healthy");
    }

    @Test
    void a_damaged_replica_is_replaced_and_the_last_one_is_corrupt_and_kept() {
        Crew crew = sealed(3);
        List<Long> all = holders(crew);
        crew.copies = false;
        crew.spoil(all.getFirst(), 1);
        crew.pass(2);
        assertThat(finding(crew).getHealth()).isEqualTo("under");
        crew.spoil(all.get(1), 1);
        crew.pass(2);
        crew.spoil(all.get(2), 1);
        crew.pass(2);
        assertThat(finding(crew).getHealth()).isEqualTo("corrupt");
        assertThat(worth(crew, all.get(2))).isEqualTo("damaged");
        assertThat(explained(crew).getRepair()).isEqualTo("blocked");
        assertThat(explain(crew, ExplainRequest.newBuilder().setHandle(1)).getSentences(0))
                .as("as fsck and report call it")
                .contains("; corrupt: no good copy");
        assertThat(check(crew).getServersList())
                .anyMatch(server -> server.getMember().getServerId() == all.get(2) && server.getDamaged() == 1);
        assertThat(crew.master.notes).anyMatch(line -> line.startsWith("event=replicas.damaged server=s" + all.get(2)));
    }

    @Test
    void a_server_that_fell_silent_is_told_with_the_copies_that_count_and_cannot_be_read() {
        Crew crew = sealed(4);
        long silent = holders(crew).getLast();
        crew.away.add(silent);
        crew.pass(5);
        CheckReply reply = check(crew, CheckRequest.getDefaultInstance());
        assertThat(reply.getHealthList())
                .as("it may be back in a moment")
                .containsExactly(
                        Count.newBuilder().setName("healthy").setValue(1).build());
        ServerFinding told = reply.getServersList().getFirst();
        assertThat(told.getMember().getServerId()).isEqualTo(silent);
        assertThat(told.getState()).isEqualTo("silent");
        assertThat(told.getSilentCopies()).isEqualTo(1);
        assertThat(told.getHeardMillisAgo()).isBetween(4000L, 6000L);
        long file = crew.chunk().file().value();
        assertThat(check(crew, CheckRequest.newBuilder().addFiles(file).build()).getServersList())
                .as("of the file, too")
                .containsExactly(told);
        assertThat(explained(crew).getFatesList())
                .anyMatch(fate -> fate.getServerId() == silent
                        && fate.getWhyHere().contains("cannot be read before the server is back"));

        crew.pass(20);
        reply = check(crew, CheckRequest.getDefaultInstance());
        assertThat(reply.getServersList().getFirst().getState()).isEqualTo("dead");
        assertThat(reply.getServersList().getFirst().getSilentCopies()).isZero();
        assertThat(check(crew, CheckRequest.newBuilder().addFiles(file).build()).getServersList())
                .as("what it held is elsewhere")
                .isEmpty();
    }

    @Test
    void a_silent_server_without_a_copy_of_a_file_does_not_concern_it() {
        Crew crew = sealed(4);
        List<Long> holders = holders(crew);
        long other = List.of(1L, 2L, 3L, 4L).stream()
                .filter(server -> !holders.contains(server))
                .findFirst()
                .orElseThrow();
        crew.away.add(other);
        crew.pass(5);
        assertThat(check(crew, CheckRequest.getDefaultInstance()).getServersList())
                .anyMatch(server -> server.getState().equals("silent") && server.getSilentCopies() == 0);
        long file = crew.chunk().file().value();
        assertThat(check(crew, CheckRequest.newBuilder().addFiles(file).build()).getServersList())
                .isEmpty();
    }

    @Test
    void whether_another_server_could_take_what_would_be_lacking_is_told() {
        Crew three = sealed(3);
        assertThat(explained(three, holders(three).getFirst()).getThenUntaken()).isEqualTo(1);
        Crew four = sealed(4);
        assertThat(explained(four, holders(four).getFirst()).getThenUntaken()).isZero();
    }

    @Test
    void of_a_copy_it_is_told_when_and_why_it_was_made_and_of_no_other_replica() {
        Crew crew = sealed(4);
        List<Long> first = holders(crew);
        crew.pass(16); // so long that the master believes who is not here is gone
        crew.away.add(first.getLast());
        crew.pass(25);
        for (ReplicaFate fate : explained(crew).getFatesList()) {
            if (first.subList(0, 2).contains(fate.getServerId())) {
                assertThat(fate.getWhyHere()).isEqualTo("good; one of the 3 that are wanted");
            } else if (fate.getServerId() != first.getLast()) {
                assertThat(fate.getWhyHere())
                        .matches("good; one of the 3 that are wanted; copied here [0-9]+ s ago,"
                                + " because there were fewer than wanted");
            }
        }
    }

    @Test
    void what_would_be_lost_with_a_server_is_told_before_it_dies() {
        Crew crew = sealed(3);
        List<Long> all = holders(crew);
        ServerExplanation told = explained(crew, all.getFirst());
        assertThat(told.getExamined()).isEqualTo(1);
        assertThat(told.getLastCopies()).isZero();
        assertThat(told.getThenUnder()).isEqualTo(1);
        crew.away.addAll(all.subList(1, 3));
        crew.pass(12);
        told = explained(crew, all.getFirst());
        assertThat(told.getLastCopies()).isEqualTo(1);
        assertThat(told.getLastCopyHandlesList()).containsExactly(1L);
        assertThat(explained(crew, all.get(1)).getState()).isEqualTo("dead");
        assertThat(explained(crew, all.get(1)).getThenSingle())
                .as("what it is without it")
                .isEqualTo(1);
    }

    @Test
    void a_check_of_files_judges_their_chunks_and_no_others() {
        Crew crew = sealed(3);
        long file = crew.chunk().file().value();
        CheckReply one = check(crew, CheckRequest.newBuilder().addFiles(file).build());
        assertThat(one.getExamined()).isEqualTo(1);
        assertThat(one.getFilesDone()).isEqualTo(1);
        CheckReply none =
                check(crew, CheckRequest.newBuilder().addFiles(file + 1000).build());
        assertThat(none.getExamined()).isZero();
        assertThat(none.getFilesDone()).isEqualTo(1);
    }

    @Test
    void a_large_cell_is_checked_in_pages_that_join_without_gap_or_overlap() {
        Crew crew = new Crew(3);
        Tree.of(crew.master, 3, 1500);
        long after = 0;
        long examined = 0;
        int pages = 0;
        CheckReply reply;
        do {
            reply = check(crew, CheckRequest.newBuilder().setAfter(after).build());
            assertThat(reply.getExamined()).isLessThanOrEqualTo(CheckDesk.CHUNKS_PER_PAGE_MAX);
            examined += reply.getExamined();
            after = reply.getNextAfter();
            pages++;
        } while (reply.getMore());
        assertThat(examined).isEqualTo(4500).isEqualTo(reply.getChunksTotal());
        assertThat(pages).isGreaterThan(2);
    }

    @Test
    void a_large_file_is_checked_in_pages_too() {
        Crew crew = new Crew(3);
        List<Long> files = Tree.of(crew.master, 3, 1500);
        int first = 0;
        int done = 0;
        long examined = 0;
        while (done < files.size()) {
            CheckReply reply = check(
                    crew,
                    CheckRequest.newBuilder()
                            .addAllFiles(files.subList(done, files.size()))
                            .setFirstIndex(first)
                            .build());
            examined += reply.getExamined();
            done += reply.getFilesDone();
            first = reply.getMore() ? reply.getNextIndex() : 0;
        }
        assertThat(examined).isEqualTo(4500);
    }

    @Test
    void a_dead_server_with_thousands_of_chunks_is_told_in_a_handful_of_lines() {
        Crew crew = new Crew(4);
        Tree.of(crew.master, 2, 2000);
        for (long server = 1; server <= 3; server++) {
            crew.hold(server, 1, 4000);
        }
        crew.pass(20);
        assertThat(check(crew, CheckRequest.getDefaultInstance()).getHealthList())
                .extracting(Count::getName)
                .containsExactly("healthy");
        crew.master.notes.clear();
        crew.away.add(3L);
        crew.copies = false;
        crew.pass(30);
        List<String> events = crew.master.notes.stream()
                .filter(line -> line.startsWith("event="))
                .toList();
        assertThat(events).anyMatch(line -> line.contains("to=under") && line.contains("now=4000"));
        assertThat(events).hasSizeLessThan(20);
    }

    @Test
    void a_chunk_that_is_being_made_and_servers_that_are_registering_are_no_cause_for_a_warning() {
        Crew crew = new Crew(3);
        crew.pass(6); // the start of the master is over
        FileStatus file = Bench.reply(crew.master.create("/f", false, false), FileStatus.class);
        crew.master.take(new MasterInput.AddChunk(
                crew.master.ticket(),
                AddChunkRequest.newBuilder().setFileId(file.getFileId()).build(),
                5));
        crew.master.tick();
        assertThat(finding(crew).getHealth()).isEqualTo("healthy");
        crew.obey();
        crew.pass(1);
        crew.seal();
        crew.pass(12);
        crew.master.restart();
        crew.pass(12);
        assertThat(crew.master.notes)
                .filteredOn(line -> line.startsWith("event="))
                .allMatch(line -> line.startsWith("event=server.state ") && line.contains("to=live"));
    }

    @Test
    void the_report_counts_classes_and_what_has_happened() {
        Crew crew = sealed(4);
        crew.away.add(holders(crew).getLast());
        crew.pass(30);
        ReportReply report =
                Bench.reply(crew.master.ask(new MasterInput.Report(crew.master.ticket(), 0, 0, 0)), ReportReply.class);
        assertThat(report.getHealthList())
                .contains(Count.newBuilder().setName("healthy").setValue(1).build());
        assertThat(report.getCountsList())
                .contains(Count.newBuilder().setName("copies_done").setValue(1).build())
                .contains(Count.newBuilder()
                        .setName("servers_written_off")
                        .setValue(1)
                        .build())
                .contains(
                        Count.newBuilder().setName("chunks_mended").setValue(1).build());
        assertThat(crew.master.notes)
                .anyMatch(line -> line.startsWith("event=server.state ") && line.contains("from=live to=silent"))
                .anyMatch(line -> line.startsWith("event=server.state ") && line.contains("to=\"written off\""))
                .anyMatch(line -> line.startsWith("event=chunks.health from=healthy to=under chunks=1"))
                .anyMatch(line -> line.startsWith("event=chunks.health from=under to=healthy chunks=1"));
    }

    @Test
    void what_is_not_there_is_refused_with_its_name() {
        Crew crew = sealed(3);
        assertThat(Bench.refusal(crew.master.ask(new MasterInput.Explain(
                        crew.master.ticket(),
                        ExplainRequest.newBuilder().setServerId(99).build()))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(Bench.refusal(crew.master.ask(new MasterInput.Explain(
                        crew.master.ticket(),
                        ExplainRequest.newBuilder().setHandle(99).build()))))
                .isEqualTo(ErrorCode.NO_SUCH_CHUNK);
        assertThat(Bench.refusal(crew.master.ask(new MasterInput.Explain(
                        crew.master.ticket(),
                        ExplainRequest.newBuilder().setPath("/none").build()))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }
}
