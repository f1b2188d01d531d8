package cairn.master;

import cairn.model.ErrorCode;
import cairn.model.Geometry;
import cairn.model.proof.Probe;
import cairn.wire.proto.Caller;
import cairn.wire.proto.CreateRequest;
import cairn.wire.proto.DeleteReply;
import cairn.wire.proto.DeleteRequest;
import cairn.wire.proto.FileStatus;
import cairn.wire.proto.ListReply;
import cairn.wire.proto.ListRequest;
import cairn.wire.proto.MkdirRequest;
import cairn.wire.proto.RenameRequest;
import cairn.wire.proto.RequestId;
import cairn.wire.proto.StatRequest;
import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A master on the workbench: takes inputs as the shell would, keeps the log, and what was answered. */
final class Bench {
    static final long SECOND = 1_000_000_000L;

    final List<byte[]> log = new ArrayList<>();
    final Map<Long, Effect> answers = new TreeMap<>();
    final List<Effect> effects = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    /** Branches taken so far. */
    final Set<Probe> met = EnumSet.noneOf(Probe.class);

    MasterCore core;
    long nanos;
    long tickets;

    private final MasterSettings settings;

    Bench() {
        this(MasterSettings.DEFAULT);
    }

    Bench(MasterSettings settings) {
        this.settings = settings;
        MasterImage image = new MasterImage();
        record(image, new MasterRecord.CellCreated(7, Geometry.STANDARD, 3, 1000));
        core = new MasterCore(image, settings, nanos, met::add);
    }

    private void record(MasterImage image, MasterRecord record) {
        image.apply(record);
        log.add(Records.encode(List.of(record)));
    }

    /** As if it had been decided. */
    void record(MasterRecord record) {
        record(core.image(), record);
    }

    /** One turn, as in the shell: decide, log, apply, perform. */
    List<Effect> take(MasterInput input) {
        Turn turn = core.step(input, new Moment(nanos, 1000 + nanos / 1_000_000));
        turn.records().forEach(core::apply);
        if (!turn.records().isEmpty()) {
            log.add(Records.encode(turn.records()));
        }
        List<Effect> done = new ArrayList<>();
        List<MasterInput> next = new ArrayList<>();
        for (Effect effect : turn.effects()) {
            switch (effect) {
                case Effect.Answer answer -> answers.put(answer.ticket(), answer);
                case Effect.Refuse refuse -> answers.put(refuse.ticket(), refuse);
                case Effect.Order order -> done.add(order);
                case Effect.Again(var again) -> next.add(again);
                case Effect.Note note -> notes.add(note.line());
            }
        }
        effects.addAll(done);
        next.forEach(this::take);
        return done;
    }

    /** Forgets all but the log. */
    void restart() {
        core = new MasterCore(replayed(), settings, nanos, met::add);
    }

    MasterImage replayed() {
        MasterImage image = new MasterImage();
        try {
            for (byte[] payload : log) {
                Records.decode(payload).forEach(image::apply);
            }
        } catch (MalformedRecord e) {
            throw new AssertionError(e);
        }
        return image;
    }

    static List<String> exported(MasterImage image) {
        List<String> lines = new ArrayList<>();
        ImageCodec.export(image, record -> {
            try {
                lines.add(ImageCodec.describe(record));
            } catch (MalformedRecord e) {
                throw new AssertionError(e);
            }
        });
        return lines;
    }

    static MasterImage reloaded(MasterImage image) {
        MasterImage copy = new MasterImage();
        ImageCodec.export(image, record -> {
            try {
                ImageCodec.load(copy, record);
            } catch (MalformedRecord e) {
                throw new AssertionError(e);
            }
        });
        return copy;
    }

    Effect ask(MasterInput.Request request) {
        take(request);
        return answers.get(request.ticket());
    }

    long ticket() {
        return ++tickets;
    }

    // ---- namespace, in words: "ok" or the code of the refusal

    static final Caller CALLER =
            Caller.newBuilder().setUser("ada").setGroup("staff").build();

    static String outcome(Effect effect) {
        return effect instanceof Effect.Refuse refuse ? refuse.code().name() : "ok";
    }

    static <M extends MessageLite> M reply(Effect effect, Class<M> type) {
        if (effect instanceof Effect.Answer answer) {
            return type.cast(answer.reply());
        }
        throw new AssertionError(effect);
    }

    static ErrorCode refusal(Effect effect) {
        return ((Effect.Refuse) effect).code();
    }

    Effect create(String path, boolean overwrite, boolean parents) {
        return ask(new MasterInput.Create(
                ticket(),
                CreateRequest.newBuilder()
                        .setCaller(CALLER)
                        .setPath(path)
                        .setOverwrite(overwrite)
                        .setMakeParents(parents)
                        .build(),
                0));
    }

    Effect mkdir(String path, boolean parents) {
        return ask(new MasterInput.Mkdir(
                ticket(),
                MkdirRequest.newBuilder()
                        .setCaller(CALLER)
                        .setPath(path)
                        .setMakeParents(parents)
                        .build()));
    }

    Effect rename(String from, String to, boolean overwrite) {
        return ask(new MasterInput.Rename(
                ticket(),
                RenameRequest.newBuilder()
                        .setFrom(from)
                        .setTo(to)
                        .setOverwrite(overwrite)
                        .build()));
    }

    Effect delete(String path, boolean recursive, boolean skipTrash) {
        return ask(new MasterInput.Delete(
                ticket(),
                DeleteRequest.newBuilder()
                        .setPath(path)
                        .setRecursive(recursive)
                        .setSkipTrash(skipTrash)
                        .build()));
    }

    Effect delete(String path, RequestId id) {
        return ask(new MasterInput.Delete(
                ticket(), DeleteRequest.newBuilder().setPath(path).setId(id).build()));
    }

    String deleted(String path) {
        return reply(delete(path, true, false), DeleteReply.class).getTrashPath();
    }

    Effect stat(String path) {
        return ask(new MasterInput.Stat(
                ticket(), StatRequest.newBuilder().setPath(path).build()));
    }

    FileStatus status(String path) {
        return reply(stat(path), FileStatus.class);
    }

    ListReply list(String path, String after, int limit) {
        return reply(
                ask(new MasterInput.ListDirectory(
                        ticket(),
                        ListRequest.newBuilder()
                                .setPath(path)
                                .setAfter(after)
                                .setLimit(limit)
                                .build())),
                ListReply.class);
    }

    List<String> names(String path) {
        return list(path, "", 1000).getEntriesList().stream()
                .map(FileStatus::getName)
                .toList();
    }

    void tick() {
        take(new MasterInput.Tick(nanos));
    }
}
