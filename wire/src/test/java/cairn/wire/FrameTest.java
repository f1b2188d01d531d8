package cairn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cairn.model.Invariant;
import cairn.model.Limits;
import cairn.wire.proto.Empty;
import cairn.wire.proto.StatRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameTest {
    private static final StatRequest MESSAGE =
            StatRequest.newBuilder().setPath("/a").build();

    /** The golden frame of docs/protocol.md. Changing it changes the protocol. */
    @Test
    void the_bytes_of_a_frame_are_these_for_ever() {
        byte[] frame = Frame.encode(FrameKind.REQUEST, Method.STAT.number(), 0x0102030405060708L, MESSAGE, 5);
        assertThat(HexFormat.of().formatHex(frame))
                .isEqualTo("ca1f0101" + "000e0000" + "0102030405060708" + "00000004" + "00000005" + GOLDEN_SUM
                        + "0a022f61");
    }

    private static final String GOLDEN_SUM = "e845984a";

    @Test
    void every_kind_and_limit_survives_the_round_trip() throws FrameException {
        for (FrameKind kind : FrameKind.values()) {
            byte[] frame = Frame.encode(kind, 65535, -1, MESSAGE, Limits.PAYLOAD_BYTES_MAX);
            FrameHeader header = Frame.decode(ByteBuffer.wrap(frame));
            header.verify(Arrays.copyOfRange(frame, Frame.HEADER_BYTES, frame.length));
            assertThat(header.kind()).isEqualTo(kind);
            assertThat(header.method()).isEqualTo(65535);
            assertThat(header.callId()).isEqualTo(-1);
            assertThat(header.messageBytes()).isEqualTo(MESSAGE.getSerializedSize());
            assertThat(header.payloadBytes()).isEqualTo(Limits.PAYLOAD_BYTES_MAX);
        }
    }

    @Test
    void one_changed_bit_of_header_or_message_is_noticed() {
        byte[] good = Frame.encode(FrameKind.REPLY, 14, 7, MESSAGE, 0);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> check(bad)).as("bit " + bit).isInstanceOf(FrameException.class);
        }
    }

    private static void check(byte[] frame) throws FrameException {
        FrameHeader header = Frame.decode(ByteBuffer.wrap(frame));
        header.verify(Arrays.copyOfRange(frame, Frame.HEADER_BYTES, frame.length));
    }

    @Test
    void we_never_send_what_the_other_side_would_refuse() {
        String path = "x".repeat(Limits.MESSAGE_BYTES_MAX);
        StatRequest large = StatRequest.newBuilder().setPath(path).build();
        assertThatThrownBy(() -> Frame.encode(FrameKind.REQUEST, 14, 1, large, 0))
                .isInstanceOf(Invariant.Broken.class);
        int tooLong = Limits.PAYLOAD_BYTES_MAX + 1;
        assertThatThrownBy(() -> Frame.encode(FrameKind.REQUEST, 80, 1, Empty.getDefaultInstance(), tooLong))
                .isInstanceOf(Invariant.Broken.class);
    }
}
