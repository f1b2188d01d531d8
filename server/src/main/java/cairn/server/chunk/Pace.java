package cairn.server.chunk;

/** When the next bytes may be moved. */
interface Pace {

    /** Takes the next turn, for so many bytes. Returns how long to wait before they are moved. */
    long turnNanos(long bytes);
}
