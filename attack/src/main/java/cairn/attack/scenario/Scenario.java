package cairn.attack.scenario;

import cairn.attack.ground.Ground;
import cairn.attack.ground.Need;
import java.io.IOException;
import java.util.Set;

/** One way to attack a cell. It returns when the cell stood; it throws a {@code Violation}, or what went wrong. */
public interface Scenario {

    /** What it is called on the command line. */
    String name();

    /** What is proved, in a sentence. */
    String sentence();

    /** What it needs of the machine. */
    Set<Need> needs();

    /** Whether it belongs to the short form, which CI runs. */
    boolean isShort();

    void run(Ground ground) throws IOException;
}
