package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ChunkHandle;
import cairn.model.ServerId;
import cairn.model.proof.Probe;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.DrainRequest;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.SnapshotRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Orders that are carried out late or never, and answers that come when all is different. */
final class StragglersTest {
    private final Crew crew = new Crew(4);
    private final Bench master = crew.master;

    private long open() {
        long ticket = master.ticket();
        master.take(new MasterInput.OpenChunk(
                ticket,
                OpenChunkRequest.newBuilder()
                        .setFileId(master.status("/f").getFileId())
                        .setHandle(1)
                        .setForMutation(true)
                        .build()));
        return ticket;
    }

    private static ServerId id(long server) {
        return new ServerId(server);
    }

    private List<ServerId> toldToPrepare() {
        List<ServerId> told = new ArrayList<>();
        for (Effect effect : master.effects) {
            if (effect instanceof Effect.Prepare prepare) {
                told.add(prepare.target().server());
            }
        }
        return told;
    }

    @Test
    void a_server_told_to_drop_a_replica_by_an_answer_that_was_lost_is_fenced_or_waited_for() {
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.seal();
        crew.pass(7);
        long fourth = 10 - members.stream().mapToLong(Long::longValue).sum();
        // a surplus of one, as after a server that was away is back
        surplusAt(members.getFirst(), fourth);
        HeartbeatReply lost = null;
        long surplus = 0;
        for (long server = 1; server <= 4 && surplus == 0; server++) {
            if (!master.core.view().server(id(server)).surplus.isEmpty()) {
                surplus = server;
                lost = crew.beatUnheard(server);
            }
        }
        assertThat(surplus).isNotZero();
        assertThat(lost.getDropList()).containsExactly(1L);
        long dropping = surplus;
        // The answer is lost; the next heartbeat comes through and shows other replicas of this full server.
        master.nanos += Bench.SECOND / 2;
        assertThat(crew.beatOfOthers(dropping, List.of()).getDropList()).isEmpty();
        assertThat(master.core.view().server(id(dropping)).registered).isTrue();
        master.effects.clear();
        open();
        assertThat(toldToPrepare()).contains(id(dropping));
        crew.obey();
        assertThat(crew.chunk().version().value()).isEqualTo(2);
        assertThat(crew.held(dropping, 1).getFence())
                .as("it serves nobody any more who remembers version 1")
                .isEqualTo(2);
    }

    @Test
    void a_surplus_that_is_needed_again_and_not_shown_yet_is_fenced_like_any_other() {
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.seal();
        crew.pass(7);
        surplusAt(
                members.getFirst(),
                10 - members.stream().mapToLong(Long::longValue).sum());
        long kept = 0;
        for (long server = 1; server <= 4; server++) {
            kept = master.core.view().server(id(server)).surplus.isEmpty() ? kept : server;
        }
        assertThat(kept).isNotZero();
        long lost = kept == 1 ? 2 : 1;
        crew.wipe(lost);
        crew.register(lost); // before the order to drop was given, another lost its replica
        assertThat(crew.beatOfOthers(kept, List.of()).getDropList()).isEmpty();
        master.effects.clear();
        open();
        assertThat(toldToPrepare()).contains(id(kept));
    }

    private void surplusAt(long holder, long fourth) {
        var report = crew.held(holder, 1);
        crew.put(fourth, report);
        crew.beatUnheard(fourth);
        for (int i = 0; i < 50; i++) {
            master.nanos += Bench.SECOND / 50;
            for (long server = 1; server <= 4; server++) {
                if (master.core.view().server(id(server)).surplus.isEmpty()) {
                    crew.beatOfOthers(server, List.of());
                }
            }
            master.tick();
        }
    }

    private void shared() {
        crew.seals = true;
        crew.writtenChunk();
        master.take(new MasterInput.Snapshot(
                master.ticket(),
                SnapshotRequest.newBuilder()
                        .setId(RequestId.newBuilder()
                                .setClient(9)
                                .setSequence(1)
                                .build())
                        .setFrom("/f")
                        .setTo("/g")
                        .build()));
        crew.obey();
        crew.pass(1);
    }

    @Test
    void a_server_that_lost_its_disk_after_it_copied_is_not_counted_as_a_holder_of_the_fork() {
        shared();
        open();
        List<Effect> orders = List.copyOf(master.effects);
        master.effects.clear();
        assertThat(orders).hasSize(3);
        master.effects.add(orders.get(0));
        master.effects.add(orders.get(1));
        crew.obey(); // two have copied, the third is slow
        ServerId wiped = ((Effect.Fork) orders.get(0)).target().server();
        ChunkHandle fork = ((Effect.Fork) orders.get(0)).chunk();
        crew.wipe(wiped.value());
        crew.register(wiped.value()); // it shows that it has nothing
        master.effects.add(orders.get(2));
        crew.obey();
        crew.pass(60);
        assertThat(master.core.image().chunk(fork)).isNotNull();
        Chunk chunk = master.core.image().chunk(fork);
        long real = 0;
        for (long server = 1; server <= 4; server++) {
            real += crew.holds(server, fork.value()) ? 1 : 0;
        }
        assertThat(master.core.view().goodHolders(chunk, master.nanos)).hasSize((int) real);
        assertThat(real).isEqualTo(3);
    }

    @Test
    void a_writer_behind_a_snapshot_goes_on_although_each_copy_takes_six_seconds() {
        shared();
        long ticket = 0;
        boolean led = false;
        record Late(long atNanos, Effect.Fork fork) {}
        List<Late> late = new ArrayList<>();
        for (int i = 0; i < 600 && !led; i++) { // two minutes
            if (ticket == 0) {
                ticket = open();
            }
            for (Effect effect : List.copyOf(master.effects)) {
                if (effect instanceof Effect.Fork fork) {
                    master.effects.remove(effect);
                    late.add(new Late(master.nanos + 6 * Bench.SECOND, fork));
                }
            }
            for (Late each : List.copyOf(late)) {
                if (each.atNanos() <= master.nanos) {
                    late.remove(each);
                    master.effects.add(each.fork());
                    crew.obey();
                }
            }
            crew.pass(0.2);
            Effect answer = master.answers.get(ticket);
            led = answer instanceof Effect.Answer a && a.reply() instanceof ChunkLocation l && l.getLed();
            ticket = answer instanceof Effect.Refuse ? 0 : ticket;
        }
        assertThat(master.met).contains(Probe.FORK_SLOW);
        assertThat(led).as("%d copies made and dropped", crew.forks.size()).isTrue();
    }

    @Test
    void a_server_that_is_about_to_drop_a_replica_is_not_given_it_again_and_counted() {
        crew.writtenChunk();
        List<Long> members = crew.members();
        crew.seal();
        crew.pass(20);
        surplusAt(
                members.getFirst(),
                10 - members.stream().mapToLong(Long::longValue).sum());
        long dropping = 0;
        for (long server = 1; server <= 4; server++) {
            dropping = master.core.view().server(id(server)).surplus.isEmpty() ? dropping : server;
        }
        assertThat(dropping).isNotZero();
        assertThat(crew.beatUnheard(dropping).getDropList()).containsExactly(1L);
        // The answer is under way, or being carried out behind hundreds of other drops. An operator drains another
        // holder.
        long drained = dropping == 1 ? 2 : 1;
        master.take(new MasterInput.Drain(
                master.ticket(),
                DrainRequest.newBuilder().setServerId(drained).setDrain(true).build()));
        for (int i = 0; i < 12 && crew.clones.isEmpty(); i++) {
            master.nanos += Bench.SECOND / 10;
            master.tick();
            crew.obey();
        }
        assertThat(crew.clones).as("ordered while the drop is under way").isEmpty();
        crew.drop(dropping, 1); // only now
        crew.pass(60);
        long real = 0;
        for (long server = 1; server <= 4; server++) {
            real += crew.holds(server, 1) ? 1 : 0;
        }
        assertThat(master.core.view().goodHolders(crew.chunk(), master.nanos))
                .as("clones %s, really held by %d", crew.clones.size(), real)
                .hasSize((int) real);
    }

    @Test
    void a_copy_that_comes_after_its_chunk_was_deleted_is_dropped_again() {
        crew.writtenChunk();
        long lost = crew.members().getLast();
        crew.seal();
        crew.pass(6);
        crew.copies = false;
        crew.away.add(lost);
        crew.pass(30);
        Effect.Clone clone = crew.clones.getFirst();
        master.delete("/f", false, true);
        crew.pass(1);
        crew.carryOut(clone);
        assertThat(master.met).contains(Probe.COPY_OUTDATED);
        assertThat(master.effects)
                .anyMatch(effect -> effect instanceof Effect.Drop drop
                        && drop.target().server().equals(clone.target().server())
                        && drop.chunks().equals(List.of(clone.chunk())));
    }
}
