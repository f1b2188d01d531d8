package cairn.master;

import java.util.Locale;

/** What the master counts since it started; operators see it in REPORT. Names are stable: graphs are made of them. */
public enum Counted {
    /** A chunkserver told of itself anew: it started, or had lost its master. */
    SERVER_REGISTRATIONS,
    /** A chunkserver was not heard of for so long that its replicas are made anew elsewhere. */
    SERVERS_WRITTEN_OFF,
    /** A disk became full or failing. */
    DISKS_AILING,
    /** A chunk got worse: its class of health changed to a worse one. */
    CHUNKS_WORSENED,
    /** A chunk is healthy again. */
    CHUNKS_MENDED,
    /** A chunk has no good copy any more. */
    CHUNKS_UNREADABLE,
    /** Copies that were ordered. */
    COPIES_STARTED,
    /** Copies that are there. */
    COPIES_DONE,
    /** Copies that broke off; tried again. */
    COPIES_FAILED,
    /** Bytes that copies moved over the network. */
    COPY_BYTES,
    /** Good copies beyond what was wanted, dropped. */
    SURPLUS_DROPPED,
    /** Replicas that servers said are damaged. */
    REPLICAS_DAMAGED,
    /** Replicas that belong to no chunk that this cell ever made. */
    ORPHANS_FOUND;

    /** As in {@code copies_done}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
