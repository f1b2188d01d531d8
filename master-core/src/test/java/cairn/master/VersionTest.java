package cairn.master;

import static org.assertj.core.api.Assertions.assertThat;

import cairn.model.ChunkHandle;
import cairn.model.ChunkVersion;
import cairn.model.ErrorCode;
import cairn.model.ServerId;
import cairn.wire.proto.AddChunkRequest;
import cairn.wire.proto.ChunkLocation;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.DiskReport;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.HeartbeatReply;
import cairn.wire.proto.HeartbeatRequest;
import cairn.wire.proto.MemberFailedRequest;
import cairn.wire.proto.OpenChunkRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReplicaReport;
import cairn.wire.proto.ReplicasReply;
import cairn.wire.proto.ReplicasRequest;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.SealChunkRequest;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** docs/decisions/0001, "Starting a version", as transcripts between the master and obedient or missing chunkservers. */
final class VersionTest {
    private static final MasterInput.Failure DEAD = new MasterInput.Failure(ErrorCode.UNREACHABLE, true, 0, "refused");
    private static final MasterInput.Failure SILENT =
            new MasterInput.Failure(ErrorCode.UNREACHABLE, false, 0, "timeout");

    private final Bench master = new Bench();
    private final Map<Long, Long> sessions = new TreeMap<>();
    private long nextSession = 100;

    private long register(long id, ReplicaReport... replicas) {
        return register(id, "host:" + (id == 0 ? nextSession : 1000 + id), replicas);
    }

    private long register(long id, String address, ReplicaReport... replicas) {
        long server = join(id, address);
        page(server, replicas);
        return server;
    }

    /** Registers anew, and tells what it was told when it had shown what it has. */
    private ReplicasReply registerAnew(long id, ReplicaReport... replicas) {
        return page(join(id, "host:" + (1000 + id)), replicas);
    }

    private long join(long id, String address) {
        long session = nextSession++;
        RegisterReply reply = Bench.reply(
                master.ask(new MasterInput.Register(
                        master.ticket(),
                        RegisterRequest.newBuilder()
                                .setServerId(id)
                                .setSession(session)
                                .setAddress(address)
                                .setRack("r" + session % 2)
                                .addDisks(disk())
                                .build())),
                RegisterReply.class);
        sessions.put(reply.getServerId(), session);
        return reply.getServerId();
    }

    private static DiskReport disk() {
        return DiskReport.newBuilder()
                .setState("ok")
                .setTotalBytes(1L << 40)
                .setUsableBytes(1L << 39)
                .build();
    }

    private ReplicasReply page(long id, ReplicaReport... replicas) {
        return Bench.reply(
                master.ask(new MasterInput.Replicas(
                        master.ticket(),
                        ReplicasRequest.newBuilder()
                                .setServerId(id)
                                .setSession(sessions.get(id))
                                .addAllReplicas(List.of(replicas))
                                .setLast(true)
                                .build())),
                ReplicasReply.class);
    }

    private Effect beat(long id, ReplicaReport... replicas) {
        return master.ask(new MasterInput.Heartbeat(
                master.ticket(),
                HeartbeatRequest.newBuilder()
                        .setServerId(id)
                        .setSession(sessions.get(id))
                        .addDisks(disk())
                        .addAllReplicas(List.of(replicas))
                        .build()));
    }

    private void numberedBeat(long id, long number, ReplicaReport... replicas) {
        master.ask(new MasterInput.Heartbeat(
                master.ticket(),
                HeartbeatRequest.newBuilder()
                        .setServerId(id)
                        .setSession(sessions.get(id))
                        .setNumber(number)
                        .addDisks(disk())
                        .addAllReplicas(List.of(replicas))
                        .build()));
    }

    private void pass(long seconds, long... alive) {
        for (long i = 0; i < seconds * 5; i++) {
            master.nanos += Bench.SECOND / 5;
            for (long id : alive) {
                if (!Bench.outcome(beat(id)).equals("ok")) {
                    register(id);
                }
            }
            master.tick();
        }
    }

    private static ReplicaReport replica(long version, long length, boolean sealed, boolean suspect) {
        return ReplicaReport.newBuilder()
                .setHandle(1)
                .setFence(version)
                .setEstablished(version)
                .setLength(length)
                .setSealed(sealed)
                .setSuspect(suspect)
                .build();
    }

    private void three() {
        register(0);
        register(0);
        register(0);
    }

    /** Starts a file and its first chunk; returns the ticket that waits for it. */
    private long addChunk() {
        FileStatus file = Bench.reply(master.create("/f", false, false), FileStatus.class);
        return addChunk(file.getFileId());
    }

    private long addChunk(long file) {
        long ticket = master.ticket();
        master.take(new MasterInput.AddChunk(
                ticket, AddChunkRequest.newBuilder().setFileId(file).build(), 5));
        return ticket;
    }

    private long open(long failedVersion, long suspect) {
        long ticket = master.ticket();
        master.take(new MasterInput.OpenChunk(
                ticket,
                OpenChunkRequest.newBuilder()
                        .setFileId(4)
                        .setHandle(1)
                        .setFailedVersion(failedVersion)
                        .setSuspect(suspect)
                        .setForMutation(true)
                        .build()));
        return ticket;
    }

    private List<Effect> takeOrders() {
        List<Effect> orders = List.copyOf(master.effects);
        master.effects.clear();
        return orders;
    }

    /** Carries out all orders, and those that follow, except at the servers named as dead or silent. */
    private void obey(List<Long> dead, List<Long> silent) {
        for (List<Effect> orders = takeOrders(); !orders.isEmpty(); orders = takeOrders()) {
            for (Effect order : orders) {
                obey(order, dead, silent);
            }
        }
    }

    private void obey(Effect order, List<Long> dead, List<Long> silent) {
        long id = ((Effect.Order) order).target().server().value();
        MasterInput.Failure failure = dead.contains(id) ? DEAD : silent.contains(id) ? SILENT : null;
        switch ((Effect.Order) order) {
            case Effect.Prepare(var target, var chunk, var version, var create, var chain) ->
                master.take(
                        failure != null
                                ? new MasterInput.PrepareFailed(chunk, version, target.server(), failure)
                                : new MasterInput.PrepareAnswered(
                                        chunk, version, target.server(), before(target.server(), create)));
            case Effect.Lead(var target, var chunk, var version, var request) ->
                master.take(
                        failure != null
                                ? new MasterInput.LeadFailed(chunk, version, target.server(), failure)
                                : new MasterInput.LeadAnswered(chunk, version, target.server(), 0));
            case Effect.Probe(var target, var chunk, var version) ->
                master.take(
                        failure != null
                                ? new MasterInput.ProbeFailed(chunk, version, target.server(), failure)
                                : new MasterInput.ProbeAnswered(chunk, version, target.server()));
            case Effect.Clone clone -> {}
            case Effect.Fork fork -> {}
            case Effect.Drop(var target, var chunks, var veil) ->
                master.take(
                        failure != null
                                ? new MasterInput.DropFailed(veil, target.server(), failure)
                                : new MasterInput.DropAnswered(veil, target.server()));
            case Effect.Scrub scrub -> {}
            case Effect.Seal seal -> {}
        }
    }

    private ReplicaReport before(ServerId server, boolean create) {
        ReplicaReport known = master.core.view().replica(new ChunkHandle(1), server);
        return create || known == null ? replica(1, 0, false, false) : known;
    }

    private Chunk chunk() {
        return master.core.image().chunk(new ChunkHandle(1));
    }

    private ChunkLocation location(long ticket) {
        return Bench.reply(master.answers.get(ticket), ChunkLocation.class);
    }

    private void seal(long server, long version, long length) {
        master.take(new MasterInput.SealChunk(
                master.ticket(),
                SealChunkRequest.newBuilder()
                        .setServerId(server)
                        .setHandle(1)
                        .setVersion(version)
                        .setLength(length)
                        .build()));
    }

    @Test
    void a_new_chunk_is_answered_only_when_its_primary_leads() {
        three();
        long ticket = addChunk();
        assertThat(master.answers).doesNotContainKey(ticket);
        obey(List.of(), List.of());
        assertThat(location(ticket).getLed()).isTrue();
        assertThat(location(ticket).getMembersCount()).isEqualTo(3);
        assertThat(location(ticket).getVersion()).isEqualTo(1);
    }

    @Test
    void a_target_that_is_dead_is_replaced_while_nothing_was_acknowledged() {
        three();
        register(0);
        long ticket = addChunk();
        long victim = chunk().members().getLast().server().value();
        obey(List.of(victim), List.of());
        assertThat(location(ticket).getVersion()).isEqualTo(2);
        assertThat(location(ticket).getMembersCount()).isEqualTo(3);
        assertThat(chunk().hasMember(new ServerId(victim))).isFalse();
    }

    @Test
    void who_waits_for_the_same_chunk_shares_one_version() {
        three();
        addChunk();
        obey(List.of(), List.of());
        long leader = chunk().members().getFirst().server().value();
        master.core.view().unlead(new ChunkHandle(1));
        long one = open(0, 0);
        long two = open(0, 0);
        obey(List.of(), List.of());
        assertThat(location(one)).isEqualTo(location(two));
        assertThat(location(one).getVersion()).isEqualTo(2);
        assertThat(location(one).getMembers(0).getServerId()).isEqualTo(leader);
    }

    @Test
    void a_dead_leader_is_left_out_without_waiting_and_a_silent_one_after_its_serving_term() {
        for (boolean dead : List.of(true, false)) {
            VersionTest test = new VersionTest();
            test.three();
            test.addChunk();
            test.obey(List.of(), List.of());
            long leader = test.chunk().members().getFirst().server().value();
            test.open(1, leader);
            List<Long> gone = List.of(leader);
            test.obey(test.takeOrders().getFirst(), dead ? gone : List.of(), dead ? List.of() : gone);
            List<Effect> prepares = test.takeOrders();
            prepares.forEach(order -> test.obey(order, dead ? gone : List.of(), dead ? List.of() : gone));
            Effect.Lead lead = (Effect.Lead) test.takeOrders().getLast();
            assertThat(lead.request().getMembersCount()).isEqualTo(2);
            assertThat(lead.request().getWaitNanos()).isEqualTo(dead ? 0 : MasterSettings.DEFAULT.servingBound());
            boolean heard = Bench.outcome(test.beat(leader)).equals("ok");
            assertThat(heard)
                    .as("a server without its fence must register again")
                    .isFalse();
        }
    }

    @Test
    void who_is_left_behind_has_a_second_for_its_fence_and_then_its_term_is_waited_for() {
        three();
        addChunk();
        obey(List.of(), List.of());
        long primary = chunk().members().getFirst().server().value();
        long hung = chunk().members().getLast().server().value();
        master.take(new MasterInput.MemberFailed(
                master.ticket(),
                MemberFailedRequest.newBuilder()
                        .setServerId(primary)
                        .setHandle(1)
                        .setVersion(1)
                        .addFailed(hung)
                        .build()));
        for (Effect prepare : takeOrders()) {
            if (((Effect.Order) prepare).target().server().value() != hung) {
                obey(prepare, List.of(), List.of());
            }
        }
        long patience = MasterSettings.DEFAULT.leftBehind();
        master.nanos += patience;
        master.tick();
        assertThat(takeOrders()).isEmpty();
        master.nanos += 1;
        master.tick();
        Effect.Lead lead = (Effect.Lead) takeOrders().getFirst();
        assertThat(lead.request().getMembersCount()).isEqualTo(2);
        assertThat(lead.request().getWaitNanos())
                .as("its term has run while it was waited for")
                .isEqualTo(MasterSettings.DEFAULT.servingBound() - patience - 1);
    }

    @Test
    void a_server_that_is_left_behind_and_known_to_be_silent_is_not_asked_until_it_is_heard_again() {
        three();
        addChunk();
        obey(List.of(), List.of());
        long primary = chunk().members().getFirst().server().value();
        open(1, primary);
        master.nanos += 1;
        obey(takeOrders().getFirst(), List.of(), List.of(primary)); // the probe
        assertThat(takeOrders())
                .as("PREPARE goes to the others only")
                .hasSize(2)
                .allSatisfy(order -> assertThat(
                                ((Effect.Order) order).target().server().value())
                        .isNotEqualTo(primary));
    }

    @Test
    void a_server_that_was_left_behind_is_told_when_it_registers_again() {
        three();
        addChunk();
        obey(List.of(), List.of());
        long away = chunk().members().getLast().server().value();
        master.take(new MasterInput.MemberFailed(
                master.ticket(),
                MemberFailedRequest.newBuilder()
                        .setServerId(chunk().members().getFirst().server().value())
                        .setHandle(1)
                        .setVersion(1)
                        .addFailed(away)
                        .build()));
        List<Effect> prepares = takeOrders();
        prepares.forEach(order -> obey(order, List.of(), List.of(away)));
        assertThat(registerAnew(away, replica(1, 10, false, false)).getFenceList())
                .as("nobody leads version 2 yet: the bytes are kept, and fenced")
                .hasSize(1);
        obey(List.of(), List.of());
        ReplicasReply told = registerAnew(away, replica(1, 10, false, false));
        assertThat(told.getDropList()).as("it may join again").isEmpty();
        assertThat(told.getFenceList()).hasSize(1);
        master.core.apply(
                new MasterRecord.AttributesSet(chunk().file(), new Attributes("ada", "staff", 0644, 2, 1000, false)));
        assertThat(registerAnew(away, replica(1, 10, false, false)).getDropList())
                .as("there are as many as there should be")
                .containsExactly(1L);
    }

    @Test
    void only_the_primary_of_exactly_this_version_seals() {
        three();
        addChunk();
        obey(List.of(), List.of());
        List<ChunkMember> members = chunk().members();
        seal(members.getLast().server().value(), 1, 5);
        seal(members.getFirst().server().value(), 2, 5);
        assertThat(chunk().sealed()).isFalse();
        seal(members.getFirst().server().value(), 1, 5);
        assertThat(chunk().sealed()).isTrue();
        assertThat(chunk().length()).isEqualTo(5);
        assertThat(master.status("/f").getLength()).isEqualTo(5);
    }

    @Test
    void after_a_restart_of_the_master_a_leader_is_believed() {
        three();
        addChunk();
        obey(List.of(), List.of());
        long leader = chunk().members().getFirst().server().value();
        master.restart();
        for (long id = 1; id <= 3; id++) {
            register(
                    id,
                    replica(1, 7, false, false).toBuilder()
                            .setLeading(id == leader)
                            .build());
        }
        long ticket = open(0, 0);
        assertThat(location(ticket).getLed()).isTrue();
        assertThat(location(ticket).getVersion()).isEqualTo(1);
    }

    @Test
    void a_version_adopted_before_its_answer_to_lead_came_counts_as_one_that_acknowledged() {
        three();
        addChunk();
        obey(List.of(), List.of());
        List<ServerId> members =
                chunk().members().stream().map(ChunkMember::server).toList();
        long leader = members.getFirst().value();
        long leftBehind = members.getLast().value();
        master.ask(new MasterInput.MemberFailed(
                master.ticket(),
                MemberFailedRequest.newBuilder()
                        .setServerId(leader)
                        .setHandle(1)
                        .setVersion(1)
                        .addFailed(leftBehind)
                        .build()));
        Effect.Lead lead = null;
        for (List<Effect> orders = takeOrders(); !orders.isEmpty(); orders = takeOrders()) {
            for (Effect order : orders) {
                if (order instanceof Effect.Lead unanswered) {
                    lead = unanswered;
                } else {
                    obey(order, List.of(), List.of());
                }
            }
        }
        assertThat(lead).isNotNull();
        beat(leader, replica(2, 0, false, false).toBuilder().setLeading(true).build());
        assertThat(location(open(0, 0)).getVersion()).isEqualTo(2);

        master.take(new MasterInput.LeadFailed(
                lead.chunk(), lead.version(), lead.target().server(), SILENT));
        assertThat(chunk().version()).as("the late failure changes nothing").isEqualTo(new ChunkVersion(2));
        pass(30, leftBehind); // both members of version 2 are gone; the other one still reports version 1 as complete
        open(2, 0);
        obey(List.of(), List.of(leader, members.get(1).value()));
        assertThat(chunk().members().stream().map(ChunkMember::server))
                .as("who lacks what version 2 acknowledged is no source")
                .doesNotContain(new ServerId(leftBehind));
    }

    @Test
    void after_a_restart_of_the_master_a_new_chunk_is_not_made_on_the_first_server_alone() {
        three();
        long file =
                Bench.reply(master.create("/f", false, false), FileStatus.class).getFileId();
        master.restart();
        register(1);
        register(2);
        Effect.Refuse refusal = (Effect.Refuse) master.answers.get(addChunk(file));
        assertThat(refusal.code()).isEqualTo(ErrorCode.NO_REPLICA);
        assertThat(refusal.message()).contains("s3").doesNotContain("s2");
        pass(6, 1, 2);
        long ticket = addChunk(file);
        obey(List.of(), List.of());
        assertThat(location(ticket).getMembersCount())
                .as("the third had its time")
                .isEqualTo(2);
    }

    /** All members stop after version 1 was ordered, and the cell comes back with nothing of the chunk. */
    private static boolean isUsableAfterAllWasLost(boolean firstLeaderHeardOf) {
        VersionTest test = new VersionTest();
        test.three();
        test.addChunk();
        List<Long> all = List.of(1L, 2L, 3L);
        List<Long> silent = firstLeaderHeardOf ? List.of() : List.of(3L);
        for (Effect order : test.takeOrders()) {
            test.obey(order, List.of(), silent);
        }
        if (firstLeaderHeardOf) {
            test.open(1, 0);
        }
        test.obey(List.of(), all);
        assertThat(test.chunk().version().value()).isGreaterThan(1);
        test.master.restart();
        for (long id : all) {
            test.register(id);
            test.beat(id); // which would name a replica that is there and damaged
        }
        long ticket = test.open(0, 0);
        test.obey(List.of(), List.of());
        return test.master.answers.get(ticket) instanceof Effect.Answer;
    }

    @Test
    void a_chunk_begins_anew_when_all_is_lost_and_no_client_was_ever_told_of_a_leader() {
        assertThat(isUsableAfterAllWasLost(false)).isTrue();
        assertThat(isUsableAfterAllWasLost(true))
                .as("something may have been acknowledged")
                .isFalse();
    }

    @Test
    void a_file_that_is_made_to_be_written_is_told_with_its_first_chunk_led_in_one_turn_of_its_members() {
        three();
        long ticket = createToWrite();
        assertThat(master.answers.get(ticket)).as("the members have not heard").isNull();
        for (Effect order : takeOrders()) {
            assertThat(((Effect.Prepare) order).chain()).hasSize(3);
            obey(order, List.of(), List.of());
        }
        FileStatus status = Bench.reply(master.answers.get(ticket), FileStatus.class);
        assertThat(status.getChunkCount()).isEqualTo(1);
        assertThat(status.getOpenChunk().getLed()).isTrue();
        assertThat(status.getOpenChunk().getMembersCount()).isEqualTo(3);
        assertThat(takeOrders()).as("nobody has to be told to lead").isEmpty();
    }

    @Test
    void a_file_is_made_without_a_chunk_while_no_server_can_take_one() {
        long ticket = createToWrite();
        FileStatus status = Bench.reply(master.answers.get(ticket), FileStatus.class);
        assertThat(status.getFileId()).isNotZero();
        assertThat(status.getChunkCount()).isZero();
    }

    @Test
    void a_file_whose_first_chunk_cannot_be_brought_up_in_time_is_told_of_all_the_same() {
        three();
        long ticket = createToWrite();
        obey(List.of(), List.of(1L, 2L, 3L));
        pass(60);
        FileStatus status = Bench.reply(master.answers.get(ticket), FileStatus.class);
        assertThat(status.getChunkCount()).isEqualTo(1);
        assertThat(status.getOpenChunk().getLed()).isFalse();
    }

    @Test
    void who_leads_the_first_version_is_believed_only_when_every_member_has_heard_of_it() {
        three();
        addChunk();
        List<Effect> orders = takeOrders();
        long head = chunk().members().getFirst().server().value();
        beat(head, replica(1, 0, false, false).toBuilder().setLeading(true).build());
        long asked = open(0, 0);
        assertThat(master.answers.get(asked)).isNull();
        orders.forEach(order -> obey(order, List.of(), List.of()));
        assertThat(location(asked).getLed()).isTrue();
    }

    private long createToWrite() {
        long ticket = master.ticket();
        CreateRequest request =
                CreateRequest.newBuilder().setPath("/w").setWithChunk(true).build();
        master.take(new MasterInput.Create(ticket, request, 7));
        return ticket;
    }

    @Test
    void a_server_that_came_back_with_an_empty_disk_is_not_reported_as_two() {
        register(0, "host:1");
        register(0, "host:2");
        assertThat(register(0, "host:1")).as("another one for the master").isEqualTo(3);
        assertThat(reported()).as("the first may be anywhere").containsExactly(1L, 2L, 3L);
        pass(20, 3);
        assertThat(reported()).as("nobody took the place of the second").containsExactly(2L, 3L);
        register(1, "host:4");
        assertThat(reported()).as("its disk was put in elsewhere").containsExactly(1L, 2L, 3L);
    }

    private List<Long> reported() {
        ReportReply report =
                Bench.reply(master.ask(new MasterInput.Report(master.ticket(), 0, 0, 0)), ReportReply.class);
        return report.getServersList().stream()
                .map(server -> server.getMember().getServerId())
                .toList();
    }

    @Test
    void suspect_replicas_are_the_source_only_when_no_better_one_can_come_back() {
        three();
        addChunk();
        obey(List.of(), List.of());
        master.restart();
        register(1, replica(1, 5, false, true));
        register(2, replica(1, 9, false, true));
        pass(30, 1, 2);
        long ticket = open(0, 0);
        pass(10, 1, 2);
        assertThat(master.answers).as("the third may have it all").doesNotContainKey(ticket);
        register(3);
        for (int i = 0; i < 40 && !master.answers.containsKey(ticket); i++) {
            pass(1, 1, 2, 3);
            obey(List.of(), List.of());
        }
        assertThat(location(ticket).getMembers(0).getServerId())
                .as("it has more")
                .isEqualTo(2);
        assertThat(chunk().loggedFull(new ServerId(1))).isFalse();
    }

    @Test
    void a_replica_of_a_sealed_chunk_that_lost_its_end_without_a_trace_is_no_source() {
        three();
        addChunk();
        obey(List.of(), List.of());
        seal(chunk().members().getFirst().server().value(), 1, 5);
        master.restart();
        register(1, replica(1, 5, true, false));
        register(2, replica(1, 2, false, false));
        register(3, replica(1, 5, false, false));
        long ticket = open(0, 0);
        obey(List.of(), List.of());
        assertThat(location(ticket).getMembersCount()).isEqualTo(3);
        assertThat(location(ticket).getMembers(0).getServerId()).isNotEqualTo(2);
        assertThat(chunk().loggedFull(new ServerId(2))).isFalse();
        assertThat(chunk().loggedFull(new ServerId(3)))
                .as("it only has not heard of the seal")
                .isTrue();
    }

    @Test
    void a_chunk_that_was_sealed_just_now_is_opened_whatever_its_members_reported_before() {
        three();
        addChunk();
        obey(List.of(), List.of());
        for (long id = 1; id <= 3; id++) {
            beat(id, replica(1, 2, false, false));
        }
        seal(chunk().members().getFirst().server().value(), 1, 5);
        long ticket = open(0, 0);
        obey(List.of(), List.of());
        assertThat(location(ticket).getMembersCount()).isEqualTo(3);
        assertThat(chunk().members()).allMatch(ChunkMember::full);
    }

    @Test
    void of_the_members_of_an_open_chunk_one_that_reports_less_is_not_the_source() {
        three();
        addChunk();
        obey(List.of(), List.of());
        master.restart();
        register(1, replica(1, 9, false, false));
        register(2, replica(1, 4, false, false));
        register(3, replica(1, 9, false, false));
        long ticket = open(0, 0);
        obey(List.of(), List.of());
        assertThat(location(ticket).getMembersCount()).isEqualTo(3);
        assertThat(location(ticket).getMembers(0).getServerId()).isNotEqualTo(2);
    }

    @Test
    void without_any_complete_replica_the_answer_names_who_is_missing() {
        three();
        addChunk();
        obey(List.of(), List.of());
        master.restart();
        register(0);
        long ticket = open(0, 0);
        pass(25);
        Effect.Refuse refusal = (Effect.Refuse) master.answers.get(ticket);
        assertThat(refusal.code()).isEqualTo(ErrorCode.NO_REPLICA);
        assertThat(refusal.message()).contains("s1", "s2", "s3", "host:");
    }

    @Test
    void a_sealed_chunk_with_too_few_replicas_is_copied_and_a_surplus_is_dropped() {
        three();
        addChunk();
        obey(List.of(), List.of());
        seal(chunk().members().getFirst().server().value(), 1, 5);
        for (long id = 1; id <= 3; id++) {
            beat(id, replica(1, 5, true, false));
        }
        register(0);
        pass(30, 1, 2, 4);
        Effect.Clone clone = (Effect.Clone) takeOrders().stream()
                .filter(order -> order instanceof Effect.Clone)
                .findFirst()
                .orElseThrow();
        assertThat(clone.target().server()).isEqualTo(new ServerId(4));
        assertThat(clone.request().getSourcesCount()).isEqualTo(2);
        master.take(new MasterInput.CloneAnswered(
                clone.chunk(), clone.version(), clone.target().server(), replica(1, 5, true, false), 5));
        register(3, replica(1, 5, true, false));
        master.tick();
        assertThat(master.core.view().goodHolders(chunk(), master.nanos)).hasSize(3);
        long told = 0;
        for (long id = 1; id <= 4; id++) {
            told += Bench.reply(beat(id, replica(1, 5, true, false)), HeartbeatReply.class)
                    .getDropCount();
            pass(1, 1, 2, 3, 4);
        }
        assertThat(told).isEqualTo(1);
        assertThat(master.core.view().goodHolders(chunk(), master.nanos)).hasSize(3);
    }

    @Test
    void a_heartbeat_that_comes_after_a_later_one_shows_nothing() {
        three();
        addChunk();
        obey(List.of(), List.of());
        seal(chunk().members().getFirst().server().value(), 1, 5);
        numberedBeat(1, 2);
        numberedBeat(1, 1, replica(1, 5, true, false));
        assertThat(master.core.view().goodHolders(chunk(), master.nanos)).isEmpty();
        numberedBeat(1, 3, replica(1, 5, true, false));
        assertThat(master.core.view().goodHolders(chunk(), master.nanos)).hasSize(1);
    }

    @Test
    void whatever_fails_and_whenever_the_master_restarts_the_log_gives_the_same_image() {
        for (long seed = 0; seed < 60; seed++) {
            new VersionTest().randomLife(seed);
        }
    }

    private void randomLife(long seed) {
        Random random = new Random(seed);
        three();
        register(0);
        addChunk();
        for (int i = 0; i < 60; i++) {
            List<Long> dead = random.nextInt(4) == 0 ? List.of(1L + random.nextInt(4)) : List.of();
            List<Long> silent = random.nextInt(4) == 0 ? List.of(1L + random.nextInt(4)) : List.of();
            List<Effect> orders = takeOrders();
            orders.forEach(order -> obey(order, dead, silent));
            switch (random.nextInt(5)) {
                case 0 ->
                    open(
                            chunk().version().value(),
                            chunk().sealed()
                                    ? 0
                                    : chunk().members().getFirst().server().value());
                case 1 ->
                    register(
                            1 + random.nextInt(4),
                            replica(
                                    1 + random.nextInt((int) chunk().version().value()),
                                    0,
                                    false,
                                    random.nextInt(5) == 0));
                case 2 -> pass(1, 1, 2);
                case 3 ->
                    seal(
                            chunk().sealed()
                                    ? 0
                                    : chunk().members().getFirst().server().value(),
                            chunk().version().value(),
                            0);
                default -> {
                    if (random.nextInt(4) == 0) {
                        master.restart();
                        sessions.keySet().forEach(id -> register(id, replica(1, 0, false, false)));
                    }
                }
            }
        }
        assertThat(Bench.exported(master.replayed()))
                .as("seed %d", seed)
                .isEqualTo(Bench.exported(master.core.image()));
        assertThat(Bench.exported(Bench.reloaded(master.core.image()))).isEqualTo(Bench.exported(master.core.image()));
        assertThat(chunk().version().compareTo(new ChunkVersion(1))).isNotNegative();
    }
}
