package cairn.simulation.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns the bytes of a fuzzer's input into choices. When they are used up, every choice is the first one. */
final class Source {
    private static final long[] ODD = {
        0,
        1,
        2,
        3,
        -1,
        -2,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        64,
        1000,
        4096,
        64 << 10,
        (64 << 10) + 1,
        1 << 20,
        16 << 20,
        (16 << 20) + 1,
        64 << 20,
        (64 << 20) + 1,
        Long.MAX_VALUE - 4096
    };
    private static final String[] TEXTS = {
        "",
        "/",
        "/a",
        "/a/b",
        "/a/b/c",
        "/.trash",
        "/..",
        "a",
        "//a//",
        "/a\0b",
        "chunk0:7434",
        "nowhere:1",
        ":",
        "x:99999",
        "[::1]:5",
        "x".repeat(255),
        "/" + "x".repeat(256),
        "/" + "d/".repeat(1500) + "e",
        "\u00fc\ud83d\ude00",
        "client",
        "chunkserver",
        "y".repeat(70_000),
        "line\nline",
        "%s%n%d"
    };

    private final byte[] data;
    private final List<Long> numbers = new ArrayList<>();
    private int at;

    Source(byte[] data) {
        this.data = data;
    }

    /** A number that exists in what is attacked, such as a handle: it is offered as a choice from now on. */
    void hint(long number) {
        if (numbers.size() < 64 && !numbers.contains(number)) {
            numbers.add(number);
        }
    }

    boolean isEmpty() {
        return at >= data.length;
    }

    int octet() {
        return at < data.length ? data[at++] & 0xFF : 0;
    }

    int below(int bound) {
        return bound <= 256 ? octet() % bound : ((octet() << 16) | (octet() << 8) | octet()) % bound;
    }

    boolean coin() {
        return octet() < 128;
    }

    /** Mostly what hurts: limits, what lies next to them, what exists. */
    long number() {
        int kind = octet();
        if (kind < 80 && !numbers.isEmpty()) {
            return numbers.get(kind % numbers.size());
        }
        if (kind < 200) {
            return ODD[kind % ODD.length];
        }
        if (kind < 240) {
            return octet();
        }
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | octet();
        }
        return value;
    }

    byte[] text() {
        int kind = octet();
        return kind < 240 ? TEXTS[kind % TEXTS.length].getBytes(StandardCharsets.UTF_8) : bytes(kind - 240);
    }

    /** How often something is repeated. */
    int count() {
        int kind = octet();
        return kind < 180 ? kind % 4 : kind < 250 ? kind % 20 : 300;
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) octet();
        }
        return bytes;
    }

    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(data, Math.min(at, data.length), data.length);
        at = data.length;
        return rest;
    }
}
