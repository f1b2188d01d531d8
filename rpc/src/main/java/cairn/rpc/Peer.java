package cairn.rpc;

/**
 * Who is at the other end of a connection, as it said itself.
 *
 * @param address from the network, for messages
 * @param cellId 0 when it does not know its cell
 */
public record Peer(String address, String role, String software, long cellId) {

    @Override
    public String toString() {
        return role.isEmpty() ? address : role + " " + address;
    }
}
