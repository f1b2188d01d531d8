package cairn.log;

import cairn.model.Geometry;

/** Which cell a data directory belongs to, and the sizes it was formatted with. */
public record CellIdentity(long cellId, Geometry geometry) {}
