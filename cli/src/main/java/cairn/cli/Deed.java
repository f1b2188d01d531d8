package cairn.cli;

import cairn.model.CairnException;
import org.jspecify.annotations.Nullable;

/** What a verb that can do several things was told to do, and where: {@code trash ls /logs}, {@code quota set /home}. */
final class Deed {

    private Deed() {}

    static WrongUsage unknown(String what, String known) {
        return new WrongUsage("'" + what + "': write " + known);
    }

    /** The whole cell when no path is named. */
    static String place(@Nullable String operand) throws CairnException {
        return operand == null ? "/" : CellPaths.parse(operand);
    }

    /** {@code deed} changes something, or is about one directory: it must be named. */
    static String directory(String deed, @Nullable String operand) throws CairnException {
        if (operand == null) {
            throw new WrongUsage(deed + " needs a directory");
        }
        return CellPaths.parse(operand);
    }
}
