package cairn.simulation.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes messages with the fields that their type has and the values that a {@link Source} chooses. */
final class Messages {
    /** Of one message; the limit of the protocol is for others to find. */
    private static final int BYTES_MAX = 200_000;

    private Messages() {}

    static byte[] write(String type, Source source) {
        if (source.octet() == 255) {
            return source.bytes(source.below(64)); // no message at all
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            for (Schema.Field field : Schema.PROTOCOL.fields(type)) {
                int times = field.repeated() ? source.count() : source.octet() < 230 ? 1 : 0;
                for (int i = 0; i < times && bytes.size() < BYTES_MAX; i++) {
                    write(field, source, out);
                    out.flush();
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(Schema.Field field, Source source, CodedOutputStream out) throws IOException {
        switch (field.type()) {
            case "fixed64" -> out.writeFixed64(field.number(), source.number());
            case "fixed32" -> out.writeFixed32(field.number(), (int) source.number());
            case "uint64" -> out.writeUInt64(field.number(), source.number());
            case "uint32" -> out.writeUInt32(field.number(), (int) source.number());
            case "sint64" -> out.writeSInt64(field.number(), source.number());
            case "bool" -> out.writeBool(field.number(), source.coin());
            case "string" -> out.writeByteArray(field.number(), source.text());
            default -> {
                if (Schema.PROTOCOL.isMessage(field.type())) {
                    out.writeBytes(field.number(), ByteString.copyFrom(write(field.type(), source)));
                } else {
                    out.writeEnum(field.number(), source.below(6));
                }
            }
        }
    }
}
