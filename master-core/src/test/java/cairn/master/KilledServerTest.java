package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.ExplainReply;
import cairn.wire.proto.ExplainRequest;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.LocateReply;
import cairn.wire.proto.LocateRequest;
import cairn.wire.proto.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A chunkserver's process is killed: what it is called, and what it is still chosen for. */
final class KilledServerTest {

    private static String state(Crew crew, long server) {
        return Bench.reply(
                        crew.master.ask(new MasterInput.Explain(
                                crew.master.ticket(),
                                ExplainRequest.newBuilder().setServerId(server).build())),
                        ExplainReply.class)
                .getServer()
                .getState();
    }

    private static List<Long> offered(Crew crew) {
        return Bench.reply(
                        crew.master.ask(new MasterInput.Locate(
                                crew.master.ticket(),
                                LocateRequest.newBuilder()
                                        .setPath("/f")
                                        .setCount(1)
                                        .build())),
                        LocateReply.class)
                .getChunks(0)
                .getMembersList()
                .stream()
                .map(Member::getServerId)
                .toList();
    }

    /** Its chunk is the second one; its orders are not carried out yet. */
    private static void beginAnotherFile(Crew crew) {
        FileStatus file = Bench.reply(crew.master.create("/g", false, false), FileStatus.class);
        crew.master.take(new MasterInput.AddChunk(
                crew.master.ticket(),
                AddChunkRequest.newBuilder().setFileId(file.getFileId()).build(),
                5));
    }

    private static Chunk other(Crew crew) {
        return crew.master.core.image().chunk(new ChunkHandle(2));
    }

    private static Crew sealed() {
        Crew crew = new Crew(3);
        crew.writtenChunk();
        crew.seal();
        crew.pass(6);
        return crew;
    }

    @Test
    void a_server_that_is_not_heard_of_is_silent_after_4_s_and_offered_to_no_reader_after_10() {
        Crew crew = sealed();
        crew.away.add(2L);
        crew.pass(5);
        assertThat(state(crew, 2)).isEqualTo("silent");
        assertThat(crew.master.notes)
                .anyMatch(line ->
                        line.startsWith("event=server.state server=s2 ") && line.contains("from=live to=silent"));
        crew.pass(6);
        assertThat(state(crew, 2)).isEqualTo("dead");
        assertThat(offered(crew)).containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void a_server_that_is_silent_is_asked_to_take_no_part_in_a_new_chunk() {
        Crew crew = sealed();
        crew.away.add(2L);
        crew.pass(5);
        beginAnotherFile(crew);
        assertThat(other(crew).members()).extracting(ChunkMember::server).doesNotContain(new ServerId(2));
    }

    @Test
    void the_first_order_that_nobody_takes_ends_all_that_a_killed_server_is_chosen_for() {
        Crew crew = sealed();
        crew.away.add(2L);
        assertThat(state(crew, 2)).as("nobody knows yet").isEqualTo("live");
        beginAnotherFile(crew);
        assertThat(other(crew).hasMember(new ServerId(2))).isTrue();
        crew.obey();
        assertThat(crew.master.met).contains(Probe.SERVER_GONE);
        assertThat(other(crew).members()).extracting(ChunkMember::server).doesNotContain(new ServerId(2));
        assertThat(crew.master.core.view().leader(other(crew), crew.master.nanos))
                .as("the writer waited for no time-out")
                .isNotNull();
        assertThat(state(crew, 2)).isEqualTo("dead");
        assertThat(offered(crew)).containsExactlyInAnyOrder(1L, 3L);
    }
}
