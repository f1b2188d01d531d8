package cairn.chunk;

/**
 * Arithmetic on CRC32C values without the bytes: crc(A||B) from crc(A), crc(B) and the length of B. A CRC is a
 * polynomial over GF(2) modulo the Castagnoli polynomial; appending n bytes multiplies it by x^(8n). The powers are
 * precomputed for every hexadecimal digit of n, so a combination is at most eight multiplications, for lengths of
 * blocks
 * four. Stateless and thread-safe.
 */
public final class Crc32cCombine {

    /** The Castagnoli polynomial, lowest power in the highest bit (RFC 3720 B.4). */
    private static final int POLYNOMIAL = 0x82F63B78;

    /** The polynomial 1 in this bit order. */
    private static final int ONE = 0x80000000;

    private static final int DIGITS = 8;
    private static final int[] POWERS = powers();

    private Crc32cCombine() {}

    /** The CRC32C of A followed by B. */
    public static int combine(int sumOfA, int sumOfB, int lengthOfB) {
        return lengthOfB == 0 ? sumOfA : multiply(shift(lengthOfB), sumOfA) ^ sumOfB;
    }

    /** The CRC32C of A followed by {@code count} zero bytes. */
    public static int appendZeros(int sumOfA, int count) {
        return count == 0 ? sumOfA : ~multiply(shift(count), ~sumOfA);
    }

    /** The CRC32C of {@code count} zero bytes. */
    public static int ofZeros(int count) {
        return appendZeros(0, count);
    }

    /** x^(8 * bytes). */
    private static int shift(int bytes) {
        int product = ONE;
        for (int digit = 0, rest = bytes; rest != 0; digit++, rest >>>= 4) {
            int value = rest & 15;
            if (value != 0) {
                int power = POWERS[digit * 16 + value];
                product = product == ONE ? power : multiply(power, product);
            }
        }
        return product;
    }

    /** The product of two polynomials, reduced. Branch-free: the bits of sums are random, a branch would mispredict. */
    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 31; bit >= 0; bit--) {
            product ^= shifted & -((a >>> bit) & 1);
            shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
        }
        return product;
    }

    /** x^(8 * value * 16^digit) at [digit * 16 + value]. */
    private static int[] powers() {
        int[] powers = new int[DIGITS * 16];
        int base = ONE >>> 8;
        for (int digit = 0; digit < DIGITS; digit++) {
            powers[digit * 16] = ONE;
            for (int value = 1; value < 16; value++) {
                powers[digit * 16 + value] = multiply(base, powers[digit * 16 + value - 1]);
            }
            base = multiply(base, powers[digit * 16 + 15]);
        }
        return powers;
    }
}
