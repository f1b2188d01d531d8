package cairn.master;

import cairn.model.ServerId;

/** A chunkserver that belongs to the cell, where it was last, and its rack (empty: none was named). */
public record KnownServer(ServerId id, String address, String rack) {}
