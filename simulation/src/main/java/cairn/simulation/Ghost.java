package cairn.simulation;

import cairn.model.ServerAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * What was sent on one connection, to be sent once more. TCP never gives bytes twice within a stream; but a request that was
 * given up and asked again elsewhere may still arrive, seconds later, on the connection that its sender has long forgotten.
 */
final class Ghost {

    private static final int BYTES_MAX = 128 << 10;

    private final Links links;
    private final SimNode from;
    private final SimNode to;
    private final ServerAddress address;
    private final Life heard;
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();

    /** @param heard the process that has the other end: its successor gets nothing that was sent to it */
    Ghost(Links links, SimNode from, SimNode to, ServerAddress address, Life heard) {
        this.links = links;
        this.from = from;
        this.to = to;
        this.address = address;
        this.heard = heard;
    }

    void follow(SimConnection connection) {
        connection.haunt(this);
        links.after(links.ghostNanos(), this::appear);
    }

    /** The first bytes only: from the middle of a stream on, no server would understand. */
    void record(ByteBuffer sent) {
        int length = Math.min(sent.remaining(), BYTES_MAX - recorded.size());
        for (int i = 0; i < length; i++) {
            recorded.write(sent.get(sent.position() + i));
        }
    }

    /** All of it, or up to some byte. */
    private void appear() {
        SimListener listener = to.listeners().get(address.port());
        if (listener == null
                || listener.life() != heard
                || listener.isFull()
                || recorded.size() == 0
                || !links.open(from, to)) {
            return; // nobody there to be frightened
        }
        byte[] all = recorded.toByteArray();
        int length = links.random().coin() ? all.length : 1 + links.random().below(all.length);
        Life nobody = new Life(from, 0);
        String name = from.name() + ":" + from.freePort();
        SimConnection connection = new SimConnection(links, nobody, listener.life(), name, address.toString());
        listener.offer(connection.other());
        links.faults().note(Fault.GHOST);
        connection.replay(ByteBuffer.wrap(all, 0, length).slice(), links.ghostNanos());
    }
}
