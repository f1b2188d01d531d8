package cairn.client;

/**
 * The CRC32C of a whole file, composed from the checksums beside its chunks.
 *
 * @param length bytes covered, from the start of the file
 */
public record FileChecksum(long length, int crc32c) {

    /** As {@code CRC32C:xxxxxxxx}, hexadecimal. */
    @Override
    public String toString() {
        return String.format("CRC32C:%08x", crc32c);
    }
}
