package cairn.bench.raw;

import cairn.bench.raw.Link.Head;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** One connection at a server; what goes on to the next server goes over a connection of its own. */
final class RawConversation implements Closeable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int READ_BYTES = 1 << 20;

    private final Link link;
    private final RawFiles files;
    private final int nextPort;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Link.PIECE_BYTES_MAX);
    private @Nullable Link next;

    RawConversation(Link link, RawFiles files, int nextPort) {
        this.link = link;
        this.files = files;
        this.nextPort = nextPort;
    }

    /** One request. */
    void turn() throws IOException {
        Head head = link.receive();
        boolean well = true;
        switch (head.op()) {
            case WRITE -> write(head);
            case FLUSH -> flush(head);
            case READ -> {
                read(head);
                return;
            }
            case STAT -> well = Files.exists(files.path(head.name()));
            case MKDIR -> Files.createDirectory(files.path(head.name()));
            case TOUCH -> Files.createFile(files.path(head.name()));
            case RENAME -> rename(head);
            case DELETE -> {
                onward(head, 0, NOTHING);
                files.delete(head.name());
                awaitNext(head);
            }
        }
        if (head.has(Head.ANSWER)) {
            link.answer(well);
        }
    }

    private void write(Head head) throws IOException {
        link.fill(buffer.clear().limit(head.bytes()));
        link.check(buffer.flip(), head.crc());
        RawFiles.Open file = files.file(head.name());
        long position = head.position() < 0 ? file.end().getAndAdd(head.bytes()) : head.position();
        onward(head, position, buffer.duplicate());
        for (long at = position; buffer.hasRemaining(); ) {
            at += file.channel().write(buffer, at);
        }
        settle(head, file);
    }

    private void flush(Head head) throws IOException {
        onward(head, 0, NOTHING);
        settle(head, files.file(head.name()));
    }

    private void settle(Head head, RawFiles.Open file) throws IOException {
        if (head.has(Head.SYNC)) {
            file.channel().force(false);
        }
        awaitNext(head);
        if (head.has(Head.CLOSE)) {
            files.close(head.name());
        }
    }

    private void read(Head head) throws IOException {
        RawFiles.Open file = files.file(head.name());
        boolean all = head.bytes() == Head.TO_THE_END;
        long end = all ? Long.MAX_VALUE : head.position() + head.bytes();
        boolean ended = false;
        for (long at = head.position(); at < end && !ended; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(READ_BYTES, end - at));
            while (buffer.hasRemaining() && !ended) {
                ended = file.channel().read(buffer, at + buffer.position()) < 0;
            }
            if (ended && !all) {
                throw new IOException(head.name() + " ends before " + end);
            }
            link.sendPiece(buffer.flip());
        }
        if (ended && buffer.limit() > 0) {
            link.sendPiece(buffer.clear().flip());
        }
        if (head.has(Head.CLOSE)) {
            files.close(head.name());
        }
    }

    /** The name is {@code FROM>TO}. */
    private void rename(Head head) throws IOException {
        String[] names = head.name().split(">", -1);
        Files.move(files.path(names[0]), files.path(names[1]));
    }

    private void onward(Head head, long position, ByteBuffer payload) throws IOException {
        if (head.hops() > 0) {
            Link to = next;
            if (to == null) {
                to = Link.connect(nextPort);
                next = to;
            }
            to.send(head.further(position), payload);
        }
    }

    private void awaitNext(Head head) throws IOException {
        Link from = next;
        if (head.hops() > 0 && head.has(Head.ANSWER) && from != null) {
            from.awaitAnswer(head.name());
        }
    }

    @Override
    public void close() throws IOException {
        if (next != null) {
            next.close();
        }
        link.close();
    }
}
