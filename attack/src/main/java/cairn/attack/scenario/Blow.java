package cairn.attack.scenario;

import cairn.attack.ground.Server;
import java.io.IOException;
import java.time.Duration;

/** What is done to one server for a while, and taken back. */
interface Blow {

    /** For people, before what the victim is: "kill", "cut off". */
    String words();

    /** How long until it is taken back. */
    Duration lasts();

    void begin(Server victim) throws IOException;

    /** The server is as before when this returns, and its process runs. */
    void end(Server victim) throws IOException;

    /** Does it to {@code victim}, which is called {@code what}, and takes it back. */
    default void inflict(Trial trial, String what, Server victim) throws IOException {
        Trial.Running harm = trial.harm(words() + " " + what);
        begin(victim);
        trial.go(lasts());
        Trial.Running back = harm.takenBack();
        end(victim);
        back.over();
    }
}
