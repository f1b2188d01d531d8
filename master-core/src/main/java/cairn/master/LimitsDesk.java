package cairn.master;

import cairn.model.CairnException;
import cairn.model.ErrorCode;
import cairn.wire.Method;
import cairn.wire.proto.LimitChange;
import cairn.wire.proto.LimitSetting;
import cairn.wire.proto.LimitsReply;
import cairn.wire.proto.LimitsRequest;
import java.util.ArrayList;
import java.util.List;

/** Shows and sets the limits of the cell. */
final class LimitsDesk {
    private final MasterImage image;
    private final RequestBook requests;
    private final MasterSettings settings;

    LimitsDesk(MasterImage image, RequestBook requests, MasterSettings settings) {
        this.image = image;
        this.requests = requests;
        this.settings = settings;
    }

    /** All changes are taken, or none. What is set already is not logged again. */
    void limits(long ticket, LimitsRequest request, Turn.Draft turn) throws CairnException {
        if (requests.before(request.getId(), Method.LIMITS, turn) != null) {
            turn.answer(ticket, reply());
            return;
        }
        List<MasterRecord.LimitSet> changes = new ArrayList<>();
        for (LimitChange change : request.getChangesList()) {
            changes.add(checked(change));
        }
        boolean changed = false;
        for (MasterRecord.LimitSet change : changes) {
            if (image.limit(change.limit()) != change.value()) {
                String value = change.value() == MasterImage.AS_BUILT_IN ? "as built in" : "" + change.value();
                turn.note(
                        "the cell's limit %s is %s from now on", change.limit().word(), value);
                turn.log(change);
                changed = true;
            }
        }
        requests.done(request.getId(), Method.LIMITS, changed, turn);
        turn.answer(ticket, reply(changes));
    }

    private static MasterRecord.LimitSet checked(LimitChange change) throws CairnException {
        CellLimit limit = CellLimit.named(change.getName());
        if (limit == null) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "this cell has no limit of that name; those that there are: cairn limits");
        }
        if (change.getValue() != MasterImage.AS_BUILT_IN && !limit.allows(change.getValue())) {
            throw new CairnException(
                    ErrorCode.BAD_REQUEST, "%s is from %d to %d".formatted(limit.word(), limit.least(), limit.most()));
        }
        return new MasterRecord.LimitSet(limit, change.getValue());
    }

    /** As they are now, in the order of the enum. */
    LimitsReply reply() {
        return reply(List.of());
    }

    private LimitsReply reply(List<MasterRecord.LimitSet> changes) {
        LimitsReply.Builder reply = LimitsReply.newBuilder();
        for (CellLimit limit : CellLimit.values()) {
            long set = image.limit(limit);
            for (MasterRecord.LimitSet change : changes) {
                set = change.limit() == limit ? change.value() : set; // it is applied after this turn
            }
            reply.addLimits(LimitSetting.newBuilder()
                    .setName(limit.word())
                    .setValue(set == MasterImage.AS_BUILT_IN ? settings.builtIn(limit) : set)
                    .setBuiltIn(settings.builtIn(limit))
                    .setSet(set != MasterImage.AS_BUILT_IN)
                    .setLeast(limit.least())
                    .setMost(limit.most())
                    .setUnit(limit.unit().word())
                    .setMeaning(limit.meaning()));
        }
        return reply.build();
    }
}
