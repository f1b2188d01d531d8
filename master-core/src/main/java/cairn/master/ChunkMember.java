package cairn.master;

import cairn.model.ServerId;

/**
 * A server that takes part in an open version.
 *
 * @param full its content was complete when the version was logged; otherwise it joins and is brought up to date
 */
public record ChunkMember(ServerId server, boolean full) {

    @Override
    public String toString() {
        return full ? server.toString() : server + "(joining)";
    }
}
