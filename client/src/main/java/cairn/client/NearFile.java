package cairn.client;

import cairn.model.PermitWords;
import cairn.model.proof.Probe;
import cairn.model.proof.Rule;
import cairn.wire.proto.PermitReply;
import cairn.world.DiskFile;
import cairn.world.SharedWords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A replica's file on this host, and the permit to read it. Thread-safe: who reads while it is closed gets an {@code
 * IOException}.
 */
final class NearFile {
    final long version;
    final long serverId;
    final long length;
    final boolean sealed;

    /** What the file has at most: an open chunk may have grown since. */
    final long bytesHeld;

    /** When it was used last; about. */
    volatile long usedNanos;

    private final Core core;
    private final DiskFile file;
    private final SharedWords words;
    private final int slot;
    private final long stamp;
    private final int[] sums;

    /**
     * What a server permitted.
     *
     * @param sums of the blocks below the permitted length
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Terms(long version, long serverId, PermitReply permit, int[] sums) {}

    NearFile(Core core, Terms terms, DiskFile file, SharedWords words) {
        this.core = core;
        this.version = terms.version();
        this.serverId = terms.serverId();
        this.length = terms.permit().getLength();
        this.sealed = terms.permit().getSealed();
        this.bytesHeld = sealed ? length : core.geometry().chunkBytes();
        this.usedNanos = core.now();
        this.file = file;
        this.words = words;
        this.slot = terms.permit().getSlot();
        this.stamp = terms.permit().getStamp();
        this.sums = terms.sums();
    }

    /** Whether all that a read of {@code count} bytes at {@code offset} gets may be read here. */
    boolean has(long offset, int count) {
        return offset < length && (sealed || offset + count <= length);
    }

    /** Fills {@code into} with whole blocks from {@code offset} on; false when they do not match their checksums. */
    boolean read(long offset, ByteBuffer into) throws IOException {
        int begin = into.position();
        if (file.read(into, offset) < into.limit() - begin) {
            return false;
        }
        int block = core.geometry().blockBytes();
        CRC32C crc = new CRC32C();
        ByteBuffer rest = into.duplicate().position(begin);
        int end = rest.limit();
        for (int number = (int) (offset / block); rest.position() < end; number++) {
            crc.reset();
            crc.update(rest.limit(Math.min(end, rest.position() + block)));
            if ((int) crc.getValue() != sums[number]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether what was read before this call may be given out: then there was a moment, since the reading began, at which the
     * server would have given it, too.
     */
    boolean stands() {
        if (core.options.keeps(Rule.PERMIT_HELD) && !words.held()) {
            core.met(Probe.NEAR_SERVER_DEAD);
            return false;
        }
        if (core.options.keeps(Rule.PERMIT_STANDS) && words.get(slot) != stamp) {
            core.met(Probe.NEAR_PERMIT_ENDED);
            return false;
        }
        long now = core.now();
        usedNanos = now;
        if (core.options.keeps(Rule.PERMIT_TERM) && now >= words.get(PermitWords.TERM_ENDS_NANOS)) {
            core.met(Probe.NEAR_TERM_OVER);
            return false;
        }
        return true;
    }

    /** Whether the server has not taken the permit back; it may have ended otherwise. */
    boolean isPermitted() {
        return !core.options.keeps(Rule.PERMIT_STANDS) || words.get(slot) == stamp;
    }

    void close() {
        file.close();
    }
}
