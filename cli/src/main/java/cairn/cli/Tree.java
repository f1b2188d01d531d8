package cairn.cli;

import cairn.client.Cairn;
import cairn.client.FileInfo;
import java.io.IOException;

/** Walks a directory of the cell and all below it: a directory first, then its entries, in the order of names. */
final class Tree {

    private Tree() {}

    /** What is done with each file and directory. */
    interface Visitor {
        void visit(FileInfo file) throws IOException;
    }

    /** Visits {@code top} and, when it is a directory, all below it. */
    static void walk(Cairn cell, FileInfo top, Visitor visitor) throws IOException {
        visitor.visit(top);
        if (top.directory()) {
            below(cell, top.path(), visitor);
        }
    }

    /** Visits all below {@code directory}, which is not visited itself. */
    static void below(Cairn cell, String directory, Visitor visitor) throws IOException {
        for (FileInfo entry : cell.list(directory)) {
            walk(cell, entry, visitor);
        }
    }
}
