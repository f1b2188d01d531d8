package cairn.attack.ground;

import cairn.attack.ground.Namespaces.Way;
import java.io.IOException;
import java.util.Set;

/** What the network can do to one server, and how it is taken back. */
public enum Harm {
    CUT("cut off") {
        @Override
        public void begin(Namespaces net, Server victim) throws IOException {
            net.cut(victim.host(), Set.of(Way.IN, Way.OUT));
        }
    },
    CUT_IN("deaf") {
        @Override
        public void begin(Namespaces net, Server victim) throws IOException {
            net.cut(victim.host(), Set.of(Way.IN));
        }
    },
    CUT_OUT("mute") {
        @Override
        public void begin(Namespaces net, Server victim) throws IOException {
            net.cut(victim.host(), Set.of(Way.OUT));
        }
    },
    UNPLUGGED("unplugged") {
        @Override
        public void begin(Namespaces net, Server victim) throws IOException {
            net.unplug(victim.host());
        }

        @Override
        public void end(Namespaces net, Server victim) throws IOException {
            net.plug(victim.host());
        }
    },
    LOSSY("loses 20 % of the packets of") {
        @Override
        public void begin(Namespaces net, Server victim) throws IOException {
            net.lose(victim.host(), LOST_PERCENT);
        }
    },
    RESET("resets the connections of") {
        @Override
        public void begin(Namespaces net, Server victim) throws IOException {
            net.reset(victim.host());
        }
    },
    SLOW("slow link of") {
        @Override
        public void begin(Namespaces net, Server victim) throws IOException {
            net.slow(victim.host(), SLOW_KILOBITS);
        }

        @Override
        public void end(Namespaces net, Server victim) throws IOException {
            net.unslow(victim.host());
        }
    };

    private static final int LOST_PERCENT = 20;
    private static final int SLOW_KILOBITS = 400;

    private final String words;

    Harm(String words) {
        this.words = words;
    }

    public abstract void begin(Namespaces net, Server victim) throws IOException;

    public void end(Namespaces net, Server victim) throws IOException {
        net.heal(victim.host());
    }

    /** For people, before the name of a victim. */
    public String words() {
        return words;
    }
}
