package cairn.client;

/** CRC32C of A followed by B, from the two sums and the length of B: appending n bytes multiplies by x^(8n). Pure. */
final class Crc32cCombine {

    /** The Castagnoli polynomial, lowest power in the highest bit (RFC 3720 B.4). */
    private static final int POLYNOMIAL = 0x82F63B78;

    /** The polynomials 1 and x^8 in this bit order. */
    private static final int ONE = 0x80000000;

    private static final int BYTE = ONE >>> 8;

    private Crc32cCombine() {}

    static int combine(int sumOfA, int sumOfB, long lengthOfB) {
        int shifted = sumOfA;
        int power = BYTE;
        for (long rest = lengthOfB; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                shifted = multiply(power, shifted);
            }
            power = multiply(power, power);
        }
        return shifted ^ sumOfB;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 31; bit >= 0; bit--) {
            product ^= shifted & -((a >>> bit) & 1);
            shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
        }
        return product;
    }
}
