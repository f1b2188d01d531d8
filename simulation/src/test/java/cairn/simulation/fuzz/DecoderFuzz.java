package cairn.simulation.fuzz;

import cairn.chunk.ProducerTable;
import cairn.master.ImageCodec;
import cairn.master.MasterImage;
import cairn.master.Records;
import cairn.model.CairnException;
import cairn.model.FilePath;
import cairn.model.ServerAddress;
import cairn.wire.Frame;
import cairn.wire.FrameException;
import cairn.wire.FrameHeader;
import cairn.wire.FrameKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Decoders of single values: each reads, or says in its own words that it cannot. */
final class DecoderFuzz {
    private DecoderFuzz() {}

    static void frames(byte[] data) throws Exception {
        Source source = new Source(data);
        byte[] whole = source.coin()
                ? source.rest()
                : Frame.encode(
                        FrameKind.REQUEST,
                        source.below(130),
                        source.number(),
                        cairn.wire.proto.Empty.getDefaultInstance(),
                        0);
        byte[] bytes = Arrays.copyOf(whole, Math.max(whole.length, Frame.HEADER_BYTES));
        try {
            FrameHeader header = Frame.decode(ByteBuffer.wrap(bytes));
            if (header.messageBytes() < 0
                    || header.messageBytes() > cairn.model.Limits.MESSAGE_BYTES_MAX
                    || header.payloadBytes() < 0
                    || header.payloadBytes() > cairn.model.Limits.PAYLOAD_BYTES_MAX) {
                throw new AssertionError("a header over the limits: " + header);
            }
            header.verify(Arrays.copyOfRange(bytes, Frame.HEADER_BYTES, bytes.length));
        } catch (FrameException e) {
            // as it should
        }
    }

    static void records(byte[] data) throws Exception {
        Source source = new Source(data);
        boolean image = source.coin();
        byte[] bytes = source.rest();
        try {
            if (image) {
                ImageCodec.describe(bytes);
                ImageCodec.load(new MasterImage(), bytes);
            } else {
                MasterImage master = new MasterImage();
                Records.applyAll(master, bytes);
            }
        } catch (cairn.master.MalformedRecord e) {
            // as it should
        }
    }

    static void producers(byte[] data) throws Exception {
        ProducerTable table;
        try {
            table = ProducerTable.decode(ByteBuffer.wrap(data));
        } catch (cairn.chunk.MalformedRecord e) {
            return; // as it should
        }
        ByteBuffer again = ByteBuffer.allocate(table.encodedBytesMax());
        table.encode(again);
        if (!ProducerTable.decode(again.flip()).equals(table)) {
            throw new AssertionError("a table that was read is not the same when it is written and read again");
        }
    }

    static void names(byte[] data) throws Exception {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            FilePath path = FilePath.parse(text);
            if (!FilePath.parse(path.toString()).equals(path)) {
                throw new AssertionError("a path that is another one when it is written and read again: " + path);
            }
        } catch (CairnException e) {
            if (String.valueOf(e.getMessage()).length() > 20_000) {
                throw new AssertionError("a refusal of " + e.getMessage().length() + " characters");
            }
        }
        try {
            ServerAddress address = ServerAddress.parse(text);
            ServerAddress.parse(address.toString());
        } catch (IllegalArgumentException e) {
            // as it should
        }
    }
}
