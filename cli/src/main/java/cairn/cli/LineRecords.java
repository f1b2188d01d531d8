package cairn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into lines, newline included; what stands behind the last newline is a line too. Bytes, not text: any
 * encoding passes. A line is handed out as soon as it was read, however slowly the stream runs.
 */
final class LineRecords {
    private static final int BUFFER_BYTES = 256 << 10;

    private final InputStream from;
    private final int bytesMax;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean ended;

    /** Lines of at most {@code bytesMax} bytes. */
    LineRecords(InputStream from, int bytesMax) {
        this.from = from;
        this.bytesMax = bytesMax;
    }

    /**
     * The next line, or null at the end. Valid until the next call.
     *
     * @throws Failure for a line over the limit
     */
    @Nullable
    ByteBuffer next() throws IOException {
        int searched = start;
        while (true) {
            int newline = indexOfNewline(searched);
            if (newline >= 0) {
                return take(newline + 1);
            }
            searched = end;
            if (ended) {
                return start == end ? null : take(end);
            }
            if (end - start > bytesMax) {
                throw tooLong();
            }
            searched -= makeRoom();
            fill();
        }
    }

    private ByteBuffer take(int lineEnd) throws Failure {
        if (lineEnd - start > bytesMax) {
            throw tooLong();
        }
        ByteBuffer line = ByteBuffer.wrap(buffer, start, lineEnd - start).slice();
        start = lineEnd;
        return line;
    }

    private Failure tooLong() {
        return new Failure(
                "a line is longer than " + bytesMax + " bytes, and a record cannot be; cut it, or store it with put");
    }

    private int indexOfNewline(int searchStart) {
        for (int i = searchStart; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Moves the begun line to the front, or grows the buffer when it fills it. Returns by how much it moved. */
    private int makeRoom() {
        int moved = 0;
        if (end == buffer.length && start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            moved = start;
            end -= moved;
            start = 0;
        } else if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        return moved;
    }

    private void fill() throws IOException {
        int count = from.read(buffer, end, buffer.length - end);
        if (count < 0) {
            ended = true;
        } else {
            end += count;
        }
    }
}
