package cairn.master;

import cairn.model.ErrorCode;
import cairn.model.proof.Probe;
import cairn.model.proof.Witness;
import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.List;

/**
 * One step's outcome. The shell makes {@code records} durable, all together, and only then performs {@code effects}.
 */
public record Turn(List<MasterRecord> records, List<Effect> effects) {

    /** A turn being decided. */
    static final class Draft {
        private final List<MasterRecord> records = new ArrayList<>();
        private final List<Effect> effects = new ArrayList<>();
        private final Moment now;
        private final Witness witness;
        private final Counts counts;

        Draft(Moment now, Witness witness, Counts counts) {
            this.now = now;
            this.witness = witness;
            this.counts = counts;
        }

        /** As {@link Witness#met}. */
        void met(Probe probe) {
            witness.met(probe);
        }

        /** The same, if {@code so}. */
        void metIf(boolean so, Probe probe) {
            if (so) {
                witness.met(probe);
            }
        }

        /** Something that operators see the number of. */
        void count(Counted what) {
            counts.add(what, 1);
        }

        /** The same, so many times, or bytes. */
        void count(Counted what, long times) {
            counts.add(what, times);
        }

        long nanos() {
            return now.nanos();
        }

        long millis() {
            return now.wallMillis();
        }

        void log(MasterRecord record) {
            records.add(record);
        }

        void perform(Effect effect) {
            effects.add(effect);
        }

        void answer(long ticket, MessageLite reply) {
            effects.add(new Effect.Answer(ticket, reply));
        }

        void refuse(long ticket, ErrorCode code, String message) {
            effects.add(new Effect.Refuse(ticket, code, message, 0));
        }

        void note(String line, Object... arguments) {
            effects.add(new Effect.Note(Effect.Level.INFO, line.formatted(arguments)));
        }

        /** About one chunk among many: thousands of these come after a server has died. */
        void detail(String line, Object... arguments) {
            effects.add(new Effect.Note(Effect.Level.DETAIL, line.formatted(arguments)));
        }

        void warn(String line, Object... arguments) {
            effects.add(new Effect.Note(Effect.Level.WARNING, line.formatted(arguments)));
        }

        /** A change of state that operators may want to act on: one line for people and for programs. */
        void event(boolean warning, String event, Object... pairs) {
            effects.add(
                    new Effect.Note(warning ? Effect.Level.WARNING : Effect.Level.INFO, EventLine.of(event, pairs)));
        }

        Turn finish() {
            return new Turn(List.copyOf(records), List.copyOf(effects));
        }
    }
}
