package cairn.server.chunk;

/** A replica's part in the newest version that its server was told of. */
enum Role {
    /** Just loaded, prepared or left behind: serves nothing, waits for the master. */
    OUTSIDE,
    /** Follows a primary. */
    MEMBER,
    /** Leads: orders the chunk's mutations. */
    PRIMARY,
    /** Led, until a member failed: answers nothing until the next version. */
    STOPPED,
    /** The chunk has its final length in this version; any such replica serves alone. */
    SEALED
}
