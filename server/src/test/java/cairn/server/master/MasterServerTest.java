package cairn.server.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.log.LogOptions;
import cairn.log.StartRefused;
import cairn.model.ErrorCode;
import cairn.model.ServerAddress;
import cairn.rpc.Endpoint;
import cairn.rpc.Hello;
import cairn.rpc.RpcException;
import cairn.rpc.RpcPool;
import cairn.wire.Method;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.Empty;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ListReply;
import cairn.wire.proto.ListRequest;
import cairn.wire.proto.MkdirRequest;
import cairn.wire.proto.RegisterReply;
import cairn.wire.proto.RegisterRequest;
import cairn.wire.proto.ReportReply;
import cairn.wire.proto.ReportRequest;
import cairn.wire.proto.StatRequest;
import cairn.world.World;
import cairn.world.real.RealWorld;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MasterServerTest {
    private static final ServerAddress ANY_PORT = new ServerAddress("127.0.0.1", 0);

    @TempDir
    Path directory;

    private final World world = RealWorld.create();
    private final RpcPool pool = new RpcPool(Endpoint.of(world, () -> new Hello(0, "test", "client")));

    @AfterEach
    void closePool() {
        pool.close();
    }

    private MasterOptions options() {
        return MasterOptions.of(directory.toString(), ANY_PORT);
    }

    private <M extends MessageLite> M call(MasterServer master, Method method, MessageLite request, Parser<M> parser)
            throws RpcException {
        return pool.call(master.address(), method, request, parser, world.time().nanos() + 5_000_000_000L);
    }

    private void mkdir(MasterServer master, String path) throws RpcException {
        MkdirRequest request = MkdirRequest.newBuilder().setPath(path).build();
        call(master, Method.MKDIR, request, Empty.parser());
    }

    private int entries(MasterServer master) throws RpcException {
        StatRequest request = StatRequest.newBuilder().setPath("/").build();
        return call(master, Method.STAT, request, FileStatus.parser()).getEntryCount();
    }

    @Test
    void what_was_answered_is_there_after_a_restart() throws IOException {
        long cell;
        try (MasterServer master = MasterServer.start(world, options())) {
            cell = master.cellId();
            mkdir(master, "/a");
            mkdir(master, "/a/b");
        }
        try (MasterServer master = MasterServer.start(world, options())) {
            assertThat(master.cellId()).isEqualTo(cell);
            ListRequest request = ListRequest.newBuilder().setPath("/a").build();
            assertThat(call(master, Method.LIST, request, ListReply.parser()).getEntriesList())
                    .extracting(FileStatus::getName)
                    .containsExactly("b");
        }
    }

    @Test
    void a_refusal_reaches_the_caller_with_its_code_and_its_reason() throws IOException {
        try (MasterServer master = MasterServer.start(world, options())) {
            CreateRequest request =
                    CreateRequest.newBuilder().setPath("/no/parent").build();
            assertThatThrownBy(() -> call(master, Method.CREATE, request, FileStatus.parser()))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("/no")
                    .extracting(problem -> ((RpcException) problem).code())
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void a_server_is_on_the_rack_that_the_topology_says_and_stays_there_when_it_says_nothing() throws IOException {
        AtomicReference<String> rack = new AtomicReference<>("r7");
        MasterOptions options = options().withTopology((address, said) -> rack.get());
        try (MasterServer master = MasterServer.start(world, options)) {
            long id = register(master, 0, 1).getServerId();
            assertThat(rackOf(master)).isEqualTo("r7");
            rack.set("");
            register(master, id, 2);
            assertThat(rackOf(master)).isEqualTo("r7");
            rack.set("r8");
            register(master, id, 3);
            assertThat(rackOf(master)).isEqualTo("r8");
        }
    }

    private RegisterReply register(MasterServer master, long id, long session) throws RpcException {
        RegisterRequest request = RegisterRequest.newBuilder()
                .setServerId(id)
                .setSession(session)
                .setAddress("127.0.0.1:9")
                .setRack("own")
                .build();
        return call(master, Method.REGISTER, request, RegisterReply.parser());
    }

    private String rackOf(MasterServer master) throws RpcException {
        return call(master, Method.REPORT, ReportRequest.getDefaultInstance(), ReportReply.parser())
                .getServers(0)
                .getMember()
                .getRack();
    }

    @Test
    void a_second_master_on_the_same_directory_is_refused() throws IOException {
        try (MasterServer master = MasterServer.start(world, options())) {
            assertThat(master.address().port()).isPositive();
            assertThatThrownBy(() -> MasterServer.start(world, options()))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("in use by a running process");
        }
    }

    @Test
    void many_callers_mutate_while_checkpoints_are_made_and_a_restart_finds_all() throws Exception {
        MasterOptions eager =
                options().withCheckpoints(new LogOptions(8 << 10, 4 << 10), 16 << 10, Duration.ofHours(1));
        int made = 8 * 150;
        try (MasterServer master = MasterServer.start(world, eager)) {
            List<Thread> callers = new ArrayList<>();
            for (int c = 0; c < 8; c++) {
                String prefix = "/c" + c + "-";
                callers.add(Thread.startVirtualThread(() -> {
                    try {
                        for (int i = 0; i < 150; i++) {
                            mkdir(master, prefix + i);
                        }
                    } catch (RpcException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            world.time().sleep(1_000_000_000L);
            assertThat(entries(master)).isEqualTo(made);
        }
        assertThat(names()).anyMatch(name -> name.startsWith("checkpoint-"));
        try (MasterServer master = MasterServer.start(world, eager)) {
            assertThat(entries(master)).isEqualTo(made);
        }
        StringBuilder dump = new StringBuilder();
        CheckpointDump.write(world.disks().open(directory.toString()), "all", dump);
        assertThat(dump).contains("Header[cell=", "name=c0-0,");
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
