package cairn.cli;

import cairn.client.Cairn;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;

/** Where things are put: into a directory under their own names, or under exactly this name. */
record Destination(String path, boolean directory, boolean exists) {

    /** Looks at {@code path} in the cell. */
    static Destination in(Cairn cell, String path) throws CairnException {
        try {
            return new Destination(path, cell.stat(path).directory(), true);
        } catch (CairnException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return new Destination(path, false, false);
        }
    }

    /** Several sources need a directory to go into. */
    void requireDirectoryFor(int sources) throws Failure {
        if (sources > 1 && !directory) {
            throw new Failure(path + ": is not a directory, and " + sources
                    + " things cannot have one name; make it with: " + "cairn mkdir " + path);
        }
    }

    /** The full path that something called {@code name} gets. */
    String pathFor(String name) throws IOException {
        if (!directory) {
            return path;
        }
        if (name.isEmpty()) {
            throw new Failure("/: has no name to be put under " + path + " with; name the destination in full");
        }
        return CellPaths.child(path, name);
    }
}
