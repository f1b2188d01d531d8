package cairn.store;

import cairn.model.Geometry;
import cairn.model.ServerId;

/**
 * To whom a directory belongs; written once, when the server registers with its cell for the first time.
 *
 * @param cell id of the cell, one line of printable characters without spaces
 * @param server the chunkserver
 * @param disk random number of this directory, so that two of them are never taken for one another
 * @param geometry the cell's sizes
 */
public record StoreIdentity(String cell, ServerId server, long disk, Geometry geometry) {}
