package cairn.rpc;

import cairn.model.Geometry;
import org.jspecify.annotations.Nullable;

/**
 * What a process says about itself on each connection.
 *
 * @param cellId 0 while it does not know its cell
 * @param software name and version, for logs
 * @param role "client", "chunkserver" or "master": for logs and fairness
 * @param geometry of the cell, told by servers that know it
 */
public record Hello(
        long cellId, String software, String role, @Nullable Geometry geometry) {
    /** The role of who is no server of the cell. */
    public static final String CLIENT = "client";

    public Hello(long cellId, String software, String role) {
        this(cellId, software, role, null);
    }
}
